package dev.understudy.evaluation;

import dev.understudy.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Puts values in the place of {@code {{name}}} and {@code {{name.member}}}, as promptfoo does. */
final class Template {
  private static final Pattern NAME =
      Pattern.compile("\\{\\{-?\\s*([A-Za-z_][A-Za-z0-9_]*(?:\\.[A-Za-z0-9_]+)*)\\s*-?\\}\\}");
  private static final Pattern OTHER = Pattern.compile("\\{\\{|\\{%|\\{#");

  private Template() {}

  /** Something in a template that is not understood; for a person. */
  static final class BadTemplate extends Exception {
    private static final long serialVersionUID = 1L;

    BadTemplate(String message) {
      super(message);
    }
  }

  static String fill(String template, Map<String, JsonNode> values) throws BadTemplate {
    var out = new StringBuilder();
    Matcher matcher = NAME.matcher(template);
    int from = 0;
    while (matcher.find()) {
      plain(template.substring(from, matcher.start()), out);
      out.append(value(matcher.group(1), values));
      from = matcher.end();
    }
    plain(template.substring(from), out);
    return out.toString();
  }

  /** Values whose own texts name others, with those put in; once, as promptfoo does. */
  static Map<String, JsonNode> resolved(Map<String, JsonNode> values) throws BadTemplate {
    var resolved = new LinkedHashMap<String, JsonNode>();
    for (var value : values.entrySet()) {
      JsonNode said = value.getValue();
      resolved.put(
          value.getKey(),
          said.isString() && OTHER.matcher(said.asString()).find()
              ? StringNode.valueOf(fill(said.asString(), values))
              : said);
    }
    return resolved;
  }

  private static void plain(String text, StringBuilder out) throws BadTemplate {
    if (OTHER.matcher(text).find()) {
      throw new BadTemplate(
          "of templates only {{name}} and {{name.member}} are understood, without filters, blocks and comments");
    }
    out.append(text);
  }

  private static String value(String path, Map<String, JsonNode> values) throws BadTemplate {
    String[] names = path.split("\\.");
    JsonNode value = values.get(names[0]);
    for (int i = 1; i < names.length && value != null; i++) {
      value =
          value.isArray() && names[i].matches("[0-9]{1,6}")
              ? value.get(Integer.parseInt(names[i]))
              : value.get(names[i]);
    }
    if (value == null) {
      throw new BadTemplate("there is no variable " + path);
    }
    return value.isString() ? value.asString() : value.isNull() ? "" : Json.text(value);
  }
}
