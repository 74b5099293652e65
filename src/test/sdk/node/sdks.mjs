// The vendors' own libraries for Node against one gateway. Prints one line of JSON for each case:
// {sdk, protocol, scenario, stream, problem}; an empty problem is a pass.
//
// node sdks.mjs '{"url": …, "key": …, "vendors": [{"route": …, "seen": url or "", "seals": true}]}'
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

const given = JSON.parse(process.argv[2]);
const SYSTEM = 'Be brief, as in a telegram.';
const TOOL = 'weather';
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city', 'days'],
  additionalProperties: false,
};
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const openai = new OpenAI({ baseURL: given.url + '/v1', apiKey: given.key, maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: given.url, apiKey: given.key, maxRetries: 0 });
const google = new GoogleGenAI({ apiKey: given.key, httpOptions: { baseUrl: given.url } });

// Each library: talk(wish) gives {send(), results(calls, text)}; an answer is
// {text, thought, calls: [{id, tool, args}], stop, input, output}.

const chat = {
  title: 'openai for Node, Chat Completions',
  talk(wish) {
    const messages = wish.system ? [{ role: 'system', content: SYSTEM }] : [];
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,' + PICTURE } };
    messages.push({
      role: 'user',
      content: wish.picture ? [{ type: 'text', text: wish.text }, picture] : wish.text,
    });
    const body = { model: wish.model, messages };
    if (wish.tool) {
      body.tools = [{ type: 'function', function: { name: TOOL, parameters: SCHEMA } }];
    }
    if (wish.json) {
      const json_schema = { name: 'trip', strict: true, schema: SCHEMA };
      body.response_format = { type: 'json_schema', json_schema };
    }
    if (wish.reasons) {
      body.reasoning_effort = 'medium';
    }
    if (wish.max) {
      body.max_completion_tokens = wish.max;
    }
    return {
      async send() {
        const reply = wish.stream
          ? await openai.chat.completions
              .stream({ ...body, stream_options: { include_usage: true } })
              .finalChatCompletion()
          : await openai.chat.completions.create(body);
        const { message, finish_reason } = reply.choices[0];
        messages.push(message);
        const stops = { stop: 'end', length: 'length', tool_calls: 'calls' };
        return {
          text: message.content ?? '',
          thought: message.reasoning_content ?? '',
          calls: (message.tool_calls ?? []).map((call) => ({
            id: call.id,
            tool: call.function.name,
            args: JSON.parse(call.function.arguments),
          })),
          stop: stops[finish_reason],
          input: reply.usage.prompt_tokens,
          output: reply.usage.completion_tokens,
        };
      },
      results(calls, content) {
        for (const call of calls) {
          messages.push({ role: 'tool', tool_call_id: call.id, content });
        }
      },
    };
  },
  limited: (thrown) => thrown instanceof OpenAI.RateLimitError,
  missing: (thrown) => thrown instanceof OpenAI.NotFoundError,
};

const responses = {
  title: 'openai for Node, Responses',
  talk(wish) {
    const content = [{ type: 'input_text', text: wish.text }];
    if (wish.picture) {
      const image_url = 'data:image/png;base64,' + PICTURE;
      content.push({ type: 'input_image', detail: 'auto', image_url });
    }
    const input = [{ role: 'user', content }];
    const body = { model: wish.model, input, store: false };
    if (wish.system) {
      body.instructions = SYSTEM;
    }
    if (wish.tool) {
      body.tools = [{ type: 'function', name: TOOL, strict: true, parameters: SCHEMA }];
    }
    if (wish.json) {
      body.text = { format: { type: 'json_schema', name: 'trip', strict: true, schema: SCHEMA } };
    }
    if (wish.reasons) {
      body.reasoning = { effort: 'medium', summary: 'auto' };
      body.include = ['reasoning.encrypted_content'];
    }
    if (wish.max) {
      body.max_output_tokens = wish.max;
    }
    return {
      async send() {
        const reply = wish.stream
          ? await openai.responses.stream(body).finalResponse()
          : await openai.responses.create(body);
        input.push(...reply.output);
        const calls = reply.output
          .filter((item) => item.type === 'function_call')
          .map((item) => ({ id: item.call_id, tool: item.name, args: JSON.parse(item.arguments) }));
        const thoughts = reply.output.filter((item) => item.type === 'reasoning');
        const cut = reply.incomplete_details?.reason === 'max_output_tokens';
        return {
          text: reply.output_text,
          thought: thoughts
            .flatMap((item) => [...item.summary, ...(item.content ?? [])])
            .map((part) => part.text)
            .join(''),
          calls,
          stop:
            reply.status === 'completed' ? (calls.length ? 'calls' : 'end') : cut ? 'length' : '',
          input: reply.usage.input_tokens,
          output: reply.usage.output_tokens,
        };
      },
      results(calls, output) {
        for (const call of calls) {
          input.push({ type: 'function_call_output', call_id: call.id, output });
        }
      },
    };
  },
  limited: chat.limited,
  missing: chat.missing,
};

const messages = {
  title: '@anthropic-ai/sdk for Node',
  talk(wish) {
    const source = { type: 'base64', media_type: 'image/png', data: PICTURE };
    const turns = [
      {
        role: 'user',
        content: wish.picture
          ? [
              { type: 'text', text: wish.text },
              { type: 'image', source },
            ]
          : wish.text,
      },
    ];
    const body = { model: wish.model, max_tokens: wish.max || 4096, messages: turns };
    if (wish.system) {
      body.system = SYSTEM;
    }
    if (wish.tool) {
      body.tools = [{ name: TOOL, input_schema: SCHEMA }];
    }
    if (wish.json) {
      body.output_config = { format: { type: 'json_schema', schema: SCHEMA } };
    }
    if (wish.reasons) {
      body.thinking = { type: 'enabled', budget_tokens: 2048 };
    }
    return {
      async send() {
        const reply = wish.stream
          ? await anthropic.messages.stream(body).finalMessage()
          : await anthropic.messages.create(body);
        turns.push({ role: 'assistant', content: reply.content });
        const of = (type) => reply.content.filter((block) => block.type === type);
        const stops = { end_turn: 'end', max_tokens: 'length', tool_use: 'calls' };
        return {
          text: of('text')
            .map((block) => block.text)
            .join(''),
          thought: of('thinking')
            .map((block) => block.thinking)
            .join(''),
          calls: of('tool_use').map(({ id, name, input }) => ({ id, tool: name, args: input })),
          stop: stops[reply.stop_reason],
          input: reply.usage.input_tokens,
          output: reply.usage.output_tokens,
        };
      },
      results(calls, content) {
        turns.push({
          role: 'user',
          content: calls.map((call) => ({ type: 'tool_result', tool_use_id: call.id, content })),
        });
      },
    };
  },
  limited: (thrown) => thrown instanceof Anthropic.RateLimitError,
  missing: (thrown) => thrown instanceof Anthropic.NotFoundError,
};

const gemini = {
  title: '@google/genai for Node',
  talk(wish) {
    const config = {};
    if (wish.system) {
      config.systemInstruction = SYSTEM;
    }
    if (wish.tool) {
      config.tools = [{ functionDeclarations: [{ name: TOOL, parametersJsonSchema: SCHEMA }] }];
    }
    if (wish.json) {
      config.responseMimeType = 'application/json';
      config.responseJsonSchema = SCHEMA;
    }
    if (wish.reasons) {
      config.thinkingConfig = { includeThoughts: true, thinkingBudget: 2048 };
    }
    if (wish.max) {
      config.maxOutputTokens = wish.max;
    }
    const conversation = google.chats.create({ model: wish.model, config });
    let message = [{ text: wish.text }];
    if (wish.picture) {
      message.push({ inlineData: { mimeType: 'image/png', data: PICTURE } });
    }
    return {
      async send() {
        const chunks = [];
        if (wish.stream) {
          for await (const chunk of await conversation.sendMessageStream({ message })) {
            chunks.push(chunk);
          }
        } else {
          chunks.push(await conversation.sendMessage({ message }));
        }
        const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
        const last = chunks.at(-1);
        const text = (thought) =>
          parts
            .filter((part) => Boolean(part.thought) === thought)
            .map((part) => part.text ?? '')
            .join('');
        const calls = parts
          .filter((part) => part.functionCall)
          .map(({ functionCall: { id, name, args } }) => ({ id, tool: name, args }));
        const stops = { STOP: calls.length ? 'calls' : 'end', MAX_TOKENS: 'length' };
        return {
          text: text(false),
          thought: text(true),
          calls,
          stop: stops[last.candidates[0].finishReason],
          input: last.usageMetadata.promptTokenCount,
          output:
            (last.usageMetadata.candidatesTokenCount ?? 0) +
            (last.usageMetadata.thoughtsTokenCount ?? 0),
        };
      },
      results(calls, output) {
        message = calls.map(({ id, tool }) => ({
          functionResponse: { ...(id && { id }), name: tool, response: { output } },
        }));
      },
    };
  },
  limited: (thrown) => thrown.status === 429,
  missing: (thrown) => thrown.status === 404,
};

async function raised(sdk, wish) {
  let answer;
  try {
    answer = await sdk.talk(wish).send();
  } catch (thrown) {
    return thrown;
  }
  assert.fail('it ended well: ' + JSON.stringify(answer));
}

async function callThenAnswer(sdk, wish, count) {
  const talk = sdk.talk({ ...wish, tool: true });
  const called = await talk.send();
  assert.equal(called.stop, 'calls');
  assert.deepEqual(
    called.calls.map((call) => call.tool),
    Array(count).fill(TOOL),
  );
  for (const call of called.calls) {
    assert.deepEqual(Object.keys(call.args).sort(), ['city', 'days']);
  }
  talk.results(called.calls, 'sunny');
  const said = await talk.send();
  assert.match(said.text, /the tool said.*sunny/);
  assert.equal(said.stop, 'end');
  return called;
}

const scenarios = {
  async 'text with a system prompt'(sdk, vendor, stream) {
    const wish = { model: vendor.route, text: 'Hello there', system: true, stream };
    const said = await sdk.talk(wish).send();
    assert.match(said.text, /^This is the sandbox's answer.*you said "Hello there"\.$/);
    assert.equal(said.stop, 'end');
    assert.ok(said.input > 0 && said.output >= 20, 'usage');
  },
  async "a tool's call and result"(sdk, vendor, stream) {
    await callThenAnswer(sdk, { model: vendor.route, text: 'How is the weather?', stream }, 1);
  },
  async 'parallel tools'(sdk, vendor, stream) {
    await callThenAnswer(sdk, { model: vendor.route, text: 'Two cities in parallel', stream }, 2);
  },
  async 'JSON by a schema'(sdk, vendor, stream) {
    const wish = { model: vendor.route, text: 'Plan a trip', json: true, stream };
    const said = await sdk.talk(wish).send();
    assert.deepEqual(Object.keys(JSON.parse(said.text)).sort(), ['city', 'days']);
  },
  async 'a picture'(sdk, vendor, stream) {
    const wish = { model: vendor.route, text: 'What is this?', picture: true, stream };
    assert.match((await sdk.talk(wish).send()).text, /What is this\?/);
    if (vendor.seen) {
      assert.ok((await seen(vendor)).includes(PICTURE), 'the vendor saw no picture');
    }
  },
  async 'reasoning across turns'(sdk, vendor, stream) {
    const wish = { model: vendor.route, text: 'How is the weather?', reasons: true, stream };
    const called = await callThenAnswer(sdk, wish, 1);
    if (vendor.seals) {
      assert.match(
        await seen(vendor),
        /"(signature|thoughtSignature|encrypted_content)"\s*:\s*"[^"]{8,}"/,
      );
      if (sdk !== chat) {
        assert.match(called.thought, /the user said/);
      }
    }
  },
  async 'tokens used up'(sdk, vendor, stream) {
    const wish = { model: vendor.route, text: 'Hello there', max: 16, stream };
    const said = await sdk.talk(wish).send();
    assert.equal(said.stop, 'length');
    assert.ok(said.output > 0, 'usage');
  },
  async 'limit reached (429)'(sdk, vendor, stream) {
    const wish = { model: vendor.route + '-limited', text: 'Hello there', stream };
    const thrown = await raised(sdk, wish);
    assert.ok(sdk.limited(thrown), String(thrown));
    // The first to ask hears the vendor; the next ones hear that it is left alone until then.
    assert.match(thrown.message, /sandbox fault: rate limit reached|the vendor refused, for rate/);
  },
  async 'unknown model'(sdk, vendor, stream) {
    const wish = { model: vendor.route + 'x', text: 'Hello there', stream };
    const thrown = await raised(sdk, wish);
    assert.ok(sdk.missing(thrown), String(thrown));
    assert.match(thrown.message, /did you mean/);
  },
  async 'reply cut off'(sdk, vendor, stream) {
    await raised(sdk, { model: vendor.route + '-broken', text: 'Hello there', stream });
  },
  async 'vendor fails half way'(sdk, vendor, stream) {
    await raised(sdk, { model: vendor.route + '-failing', text: 'Hello there', stream });
  },
};

/** The body of the last request that a vendor in the sandbox got. */
async function seen(vendor) {
  return (await (await fetch(vendor.seen)).json()).requests.at(-1).body;
}

for (const sdk of [chat, responses, messages, gemini]) {
  for (const vendor of given.vendors) {
    for (const [scenario, play] of Object.entries(scenarios)) {
      for (const stream of [false, true]) {
        let problem = '';
        try {
          await play(sdk, vendor, stream);
        } catch (thrown) {
          problem = String(thrown?.stack ?? thrown).slice(0, 2_000);
        }
        const { route: protocol } = vendor;
        console.log(JSON.stringify({ sdk: sdk.title, protocol, scenario, stream, problem }));
      }
    }
  }
}
