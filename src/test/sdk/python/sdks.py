"""The vendors' own libraries for Python against one gateway.

Prints one line of JSON for each case: {sdk, protocol, scenario, stream, problem}; an empty problem
is a pass.

python sdks.py '{"url": …, "key": …, "vendors": [{"route": …, "seen": url or "", "seals": true}]}'
"""

import base64
import json
import re
import sys
import traceback
import urllib.request

import anthropic
import openai
from google import genai
from google.genai import errors, types

GIVEN = json.loads(sys.argv[1])
SYSTEM = "Be brief, as in a telegram."
TOOL = "weather"
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

OPENAI = openai.OpenAI(base_url=GIVEN["url"] + "/v1", api_key=GIVEN["key"], max_retries=0)
ANTHROPIC = anthropic.Anthropic(base_url=GIVEN["url"], api_key=GIVEN["key"], max_retries=0)
GOOGLE = genai.Client(api_key=GIVEN["key"], http_options={"base_url": GIVEN["url"]})


class Wish:
    """What a scenario asks for."""

    def __init__(self, model, text, stream, **wanted):
        self.model, self.text, self.stream = model, text, stream
        for name in ("system", "tool", "json", "picture", "reasons", "max"):
            setattr(self, name, wanted.get(name))


class Said:
    """An answer, in no library's words; calls are (id, tool, arguments)."""

    def __init__(self, text, thought, calls, stop, input, output):
        self.text, self.thought, self.calls, self.stop = text, thought, calls, stop
        self.input, self.output = input, output


class Chat:
    title = "openai for Python, Chat Completions"
    limited, missing = openai.RateLimitError, openai.NotFoundError

    def __init__(self, wish):
        content = wish.text
        if wish.picture:
            url = "data:image/png;base64," + PICTURE
            content = [
                {"type": "text", "text": wish.text},
                {"type": "image_url", "image_url": {"url": url}},
            ]
        self.messages = [{"role": "system", "content": SYSTEM}] if wish.system else []
        self.messages.append({"role": "user", "content": content})
        self.stream = wish.stream
        self.body = {"model": wish.model, "messages": self.messages}
        if wish.tool:
            function = {"name": TOOL, "parameters": SCHEMA, "strict": True}
            self.body["tools"] = [{"type": "function", "function": function}]
        if wish.json:
            schema = {"name": "trip", "strict": True, "schema": SCHEMA}
            self.body["response_format"] = {"type": "json_schema", "json_schema": schema}
        if wish.reasons:
            self.body["reasoning_effort"] = "medium"
        if wish.max:
            self.body["max_completion_tokens"] = wish.max

    def send(self):
        if self.stream:
            with OPENAI.chat.completions.stream(
                **self.body, stream_options={"include_usage": True}
            ) as stream:
                try:
                    reply = stream.get_final_completion()
                except openai.LengthFinishReasonError as cut:
                    # How this helper tells that tokens were used up, at the vendor too.
                    reply = cut.completion
        else:
            reply = OPENAI.chat.completions.create(**self.body)
        choice = reply.choices[0]
        message = choice.message.to_dict()
        for call in message.get("tool_calls") or []:
            call["function"].pop("parsed_arguments", None)
        self.messages.append(message)
        stops = {"stop": "end", "length": "length", "tool_calls": "calls"}
        return Said(
            choice.message.content or "",
            message.get("reasoning_content") or "",
            [
                (call.id, call.function.name, json.loads(call.function.arguments))
                for call in choice.message.tool_calls or []
            ],
            stops.get(choice.finish_reason),
            reply.usage.prompt_tokens,
            reply.usage.completion_tokens,
        )

    def results(self, calls, content):
        for call_id, _, _ in calls:
            self.messages.append({"role": "tool", "tool_call_id": call_id, "content": content})


class Responses:
    title = "openai for Python, Responses"
    limited, missing = openai.RateLimitError, openai.NotFoundError

    def __init__(self, wish):
        content = [{"type": "input_text", "text": wish.text}]
        if wish.picture:
            url = "data:image/png;base64," + PICTURE
            content.append({"type": "input_image", "detail": "auto", "image_url": url})
        self.input = [{"role": "user", "content": content}]
        self.stream = wish.stream
        self.body = {"model": wish.model, "input": self.input, "store": False}
        if wish.system:
            self.body["instructions"] = SYSTEM
        if wish.tool:
            tool = {"type": "function", "name": TOOL, "strict": True, "parameters": SCHEMA}
            self.body["tools"] = [tool]
        if wish.json:
            form = {"type": "json_schema", "name": "trip", "strict": True, "schema": SCHEMA}
            self.body["text"] = {"format": form}
        if wish.reasons:
            self.body["reasoning"] = {"effort": "medium", "summary": "auto"}
            self.body["include"] = ["reasoning.encrypted_content"]
        if wish.max:
            self.body["max_output_tokens"] = wish.max

    def send(self):
        if self.stream:
            # The helper's last word is None for an answer that was cut short, at the vendor too.
            ends = ("response.completed", "response.incomplete")
            with OPENAI.responses.stream(**self.body) as stream:
                [reply] = [event.response for event in stream if event.type in ends]
        else:
            reply = OPENAI.responses.create(**self.body)
        for item in reply.output:
            kept = item.to_dict()
            kept.pop("parsed_arguments", None)
            for part in kept.get("content") or []:
                part.pop("parsed", None)
            self.input.append(kept)
        calls = [
            (item.call_id, item.name, json.loads(item.arguments))
            for item in reply.output
            if item.type == "function_call"
        ]
        cut = reply.incomplete_details and reply.incomplete_details.reason
        ends = {"completed": "calls" if calls else "end", "incomplete": cut and "length"}
        return Said(
            reply.output_text,
            "".join(
                part.text
                for item in reply.output
                if item.type == "reasoning"
                for part in list(item.summary) + list(item.content or [])
            ),
            calls,
            ends.get(reply.status),
            reply.usage.input_tokens,
            reply.usage.output_tokens,
        )

    def results(self, calls, output):
        for call_id, _, _ in calls:
            said = {"type": "function_call_output", "call_id": call_id, "output": output}
            self.input.append(said)


class Messages:
    title = "anthropic for Python"
    limited, missing = anthropic.RateLimitError, anthropic.NotFoundError

    def __init__(self, wish):
        content = wish.text
        if wish.picture:
            source = {"type": "base64", "media_type": "image/png", "data": PICTURE}
            content = [{"type": "text", "text": wish.text}, {"type": "image", "source": source}]
        self.turns = [{"role": "user", "content": content}]
        self.stream = wish.stream
        self.body = {
            "model": wish.model,
            "max_tokens": wish.max or 4096,
            "messages": self.turns,
        }
        if wish.system:
            self.body["system"] = SYSTEM
        if wish.tool:
            self.body["tools"] = [{"name": TOOL, "input_schema": SCHEMA}]
        if wish.json:
            self.body["output_config"] = {"format": {"type": "json_schema", "schema": SCHEMA}}
        if wish.reasons:
            self.body["thinking"] = {"type": "enabled", "budget_tokens": 2048}

    def send(self):
        if self.stream:
            with ANTHROPIC.messages.stream(**self.body) as stream:
                reply = stream.get_final_message()
        else:
            reply = ANTHROPIC.messages.create(**self.body)
        content = [block.to_dict() for block in reply.content]
        for block in content:
            block.pop("parsed_output", None)
        self.turns.append({"role": "assistant", "content": content})
        stops = {"end_turn": "end", "max_tokens": "length", "tool_use": "calls"}
        return Said(
            "".join(block.text for block in reply.content if block.type == "text"),
            "".join(block.thinking for block in reply.content if block.type == "thinking"),
            [
                (block.id, block.name, block.input)
                for block in reply.content
                if block.type == "tool_use"
            ],
            stops.get(reply.stop_reason),
            reply.usage.input_tokens,
            reply.usage.output_tokens,
        )

    def results(self, calls, content):
        told = [
            {"type": "tool_result", "tool_use_id": call_id, "content": content}
            for call_id, _, _ in calls
        ]
        self.turns.append({"role": "user", "content": told})


class Gemini:
    title = "google-genai for Python"
    # This library has one class of errors for all statuses.
    limited, missing = 429, 404

    def __init__(self, wish):
        config = types.GenerateContentConfig()
        if wish.system:
            config.system_instruction = SYSTEM
        if wish.tool:
            function = types.FunctionDeclaration(name=TOOL, parameters_json_schema=SCHEMA)
            config.tools = [types.Tool(function_declarations=[function])]
        if wish.json:
            config.response_mime_type = "application/json"
            config.response_json_schema = SCHEMA
        if wish.reasons:
            config.thinking_config = types.ThinkingConfig(
                include_thoughts=True, thinking_budget=2048
            )
        if wish.max:
            config.max_output_tokens = wish.max
        self.chat = GOOGLE.chats.create(model=wish.model, config=config)
        self.stream = wish.stream
        self.message = [types.Part(text=wish.text)]
        if wish.picture:
            data = base64.b64decode(PICTURE)
            self.message.append(types.Part.from_bytes(data=data, mime_type="image/png"))

    def send(self):
        if self.stream:
            chunks = list(self.chat.send_message_stream(self.message))
        else:
            chunks = [self.chat.send_message(self.message)]
        parts = [
            part
            for chunk in chunks
            for candidate in chunk.candidates or []
            for part in (candidate.content and candidate.content.parts) or []
        ]
        calls = [
            (part.function_call.id, part.function_call.name, part.function_call.args)
            for part in parts
            if part.function_call
        ]
        last = chunks[-1]
        reason = last.candidates[0].finish_reason
        stops = {"STOP": "calls" if calls else "end", "MAX_TOKENS": "length"}
        usage = last.usage_metadata
        return Said(
            "".join(part.text or "" for part in parts if not part.thought),
            "".join(part.text or "" for part in parts if part.thought),
            calls,
            stops.get(reason and reason.value),
            usage.prompt_token_count,
            (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0),
        )

    def results(self, calls, output):
        self.message = [
            types.Part(
                function_response=types.FunctionResponse(
                    id=call_id, name=tool, response={"output": output}
                )
            )
            for call_id, tool, _ in calls
        ]


def is_kind(thrown, kind):
    if isinstance(kind, int):
        return isinstance(thrown, errors.APIError) and thrown.code == kind
    return isinstance(thrown, kind)


def raised(sdk, wish):
    try:
        said = sdk(wish).send()
    except Exception as thrown:  # whatever the library makes of it
        return thrown
    raise AssertionError("it ended well: %s %s" % (said.text, said.stop))


def equal(found, wanted):
    assert found == wanted, "%r is not %r" % (found, wanted)


def call_then_answer(sdk, wish, count):
    wish.tool = True
    talk = sdk(wish)
    called = talk.send()
    equal(called.stop, "calls")
    equal([tool for _, tool, _ in called.calls], [TOOL] * count)
    for _, _, args in called.calls:
        equal(sorted(args), ["city", "days"])
    talk.results(called.calls, "sunny")
    said = talk.send()
    assert re.search("the tool said.*sunny", said.text), said.text
    equal(said.stop, "end")
    return called


def seen(vendor):
    """The body of the last request that a vendor in the sandbox got."""
    with urllib.request.urlopen(vendor["seen"]) as answer:
        return json.load(answer)["requests"][-1]["body"]


def text(sdk, vendor, stream):
    said = sdk(Wish(vendor["route"], "Hello there", stream, system=True)).send()
    wanted = r"^This is the sandbox's answer.*you said \"Hello there\"\.$"
    assert re.search(wanted, said.text), said.text
    equal(said.stop, "end")
    assert said.input > 0 and said.output >= 20, "usage"


def tool(sdk, vendor, stream):
    call_then_answer(sdk, Wish(vendor["route"], "How is the weather?", stream), 1)


def parallel(sdk, vendor, stream):
    call_then_answer(sdk, Wish(vendor["route"], "Two cities in parallel", stream), 2)


def by_schema(sdk, vendor, stream):
    said = sdk(Wish(vendor["route"], "Plan a trip", stream, json=True)).send()
    equal(sorted(json.loads(said.text)), ["city", "days"])


def picture(sdk, vendor, stream):
    said = sdk(Wish(vendor["route"], "What is this?", stream, picture=True)).send()
    assert "What is this?" in said.text, said.text
    if vendor["seen"]:
        # Google's library writes base64 in the letters for addresses.
        body = seen(vendor).replace("-", "+").replace("_", "/")
        assert PICTURE in body, "the vendor saw no picture"


def reasoning(sdk, vendor, stream):
    called = call_then_answer(
        sdk, Wish(vendor["route"], "How is the weather?", stream, reasons=True), 1
    )
    if vendor["seals"]:
        seal = r'"(signature|thoughtSignature|encrypted_content)"\s*:\s*"[^"]{8,}"'
        assert re.search(seal, seen(vendor)), "the seal did not come home"
        if sdk is not Chat:
            assert "the user said" in called.thought, called.thought


def used_up(sdk, vendor, stream):
    said = sdk(Wish(vendor["route"], "Hello there", stream, max=16)).send()
    equal(said.stop, "length")
    assert said.output > 0, "usage"


def limited(sdk, vendor, stream):
    thrown = raised(sdk, Wish(vendor["route"] + "-limited", "Hello there", stream))
    assert is_kind(thrown, sdk.limited), repr(thrown)
    # The first to ask hears the vendor; the next ones hear that it is left alone until then.
    words = ("sandbox fault: rate limit reached", "the vendor refused, for rate")
    assert any(w in str(thrown) for w in words), str(thrown)


def unknown(sdk, vendor, stream):
    thrown = raised(sdk, Wish(vendor["route"] + "x", "Hello there", stream))
    assert is_kind(thrown, sdk.missing), repr(thrown)
    assert "did you mean" in str(thrown), str(thrown)


def cut_off(sdk, vendor, stream):
    raised(sdk, Wish(vendor["route"] + "-broken", "Hello there", stream))


def failing(sdk, vendor, stream):
    raised(sdk, Wish(vendor["route"] + "-failing", "Hello there", stream))


SCENARIOS = {
    "text with a system prompt": text,
    "a tool's call and result": tool,
    "parallel tools": parallel,
    "JSON by a schema": by_schema,
    "a picture": picture,
    "reasoning across turns": reasoning,
    "tokens used up": used_up,
    "limit reached (429)": limited,
    "unknown model": unknown,
    "reply cut off": cut_off,
    "vendor fails half way": failing,
}

for sdk in (Chat, Responses, Messages, Gemini):
    for vendor in GIVEN["vendors"]:
        for scenario, play in SCENARIOS.items():
            for stream in (False, True):
                problem = ""
                try:
                    play(sdk, vendor, stream)
                except Exception:
                    problem = traceback.format_exc()[-2000:]
                case = {
                    "sdk": sdk.title,
                    "protocol": vendor["route"],
                    "scenario": scenario,
                    "stream": stream,
                    "problem": problem,
                }
                print(json.dumps(case), flush=True)
