/**
 * Writes the client's types of event data from the catalog: `deno run -A supabase/write_event_data.ts`.
 * The client is a package of its own and must not drag zod or the domain along. A unit test says
 * when the two differ.
 */
import { catalog, type CatalogEntry, jsonSchemaOf } from "../shared/events/catalog.ts";

/** The file this module writes. */
export const eventDataFile = new URL("../shared/client/event_data.ts", import.meta.url);

/** The text of the file: the same for the same catalog. */
export function eventDataTypes(entries: readonly CatalogEntry[] = catalog): string {
  const posted = entries.filter((entry) => entry.postedBy.length > 0);
  return `// Written by supabase/write_event_data.ts from the catalog. Do not edit.

/** What each event type of the catalog carries as \`data\`. */
export interface EventData {
${
    posted.map((entry) =>
      `${doc(entry.description, "  ")}  "${entry.type}": ${typeOf(jsonSchemaOf(entry))};`
    ).join("\n")
  }
}

/** The aggregate type that each event type belongs to. */
export interface AggregateTypeOf {
${posted.map((entry) => `  "${entry.type}": "${entry.aggregateType}";`).join("\n")}
}
`;
}

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema | boolean;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  description?: string;
  additionalProperties?: Schema | boolean;
}

function typeOf(schema: Schema | boolean | undefined): string {
  if (schema === undefined || typeof schema === "boolean") return "unknown";
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices && !schema.properties) return choices.map((choice) => typeOf(choice)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  switch (schema.type) {
    case "object":
      return objectType(schema);
    case "array":
      return `readonly (${typeOf(schema.items)})[]`;
    case "integer":
      return "number";
    case "number":
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    default:
      return "unknown";
  }
}

function objectType(schema: Schema): string {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const optional = required.has(name) ? "" : "?";
    const type = typeOf(property) + (optional ? " | undefined" : "");
    return `${doc(property.description, "    ")}    ${name}${optional}: ${type};`;
  });
  return fields.length > 0 ? `{\n${fields.join("\n")}\n  }` : "Record<string, unknown>";
}

function doc(text: string | undefined, indent: string): string {
  return text ? `${indent}/** ${text.replaceAll("*/", "* /")} */\n` : "";
}

/** Formats as the repository does, so that writing again changes nothing. */
export async function formatted(text: string): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--line-width", "100", "--ext", "ts", "-"],
    stdin: "piped",
    stdout: "piped",
  });
  const child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout);
}

if (import.meta.main) await Deno.writeTextFile(eventDataFile, await formatted(eventDataTypes()));
