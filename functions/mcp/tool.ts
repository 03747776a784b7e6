import type {
  CallToolResult,
  McpServer,
  StandardSchemaWithJSON,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { DatabaseClient } from "../../shared/database/client.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { inspectJson } from "../../shared/http/inspect_json.ts";
import type { Audience, Principal } from "../../shared/http/principal.ts";
import { fieldErrors } from "../../shared/http/validation_problem.ts";

/** Who calls, and the clients to act with: `reader` has the caller's own rights. */
export interface Caller {
  readonly principal: Principal;
  readonly token: string | null;
  readonly isStaff: boolean;
  readonly database: DatabaseClient;
  readonly reader: DatabaseClient;
}

interface Declaration<Input extends z.ZodType> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  /** As the route that does the same. */
  readonly who: readonly [Audience, ...Audience[]];
  /** Changes nothing. */
  readonly readOnly: boolean;
}

/** A tool, ready for the server of one request. */
export interface Tool {
  readonly name: string;
  /** Offers the tool to a caller who may use it; nobody else sees it, or can call it. */
  register(server: McpServer, caller: Caller): void;
}

/**
 * Joins a tool and what it does. Arguments are checked as a route checks its body, and whatever is
 * refused comes back as a result with `isError` and the problem: its code, what is wrong and where.
 */
export function tool<Input extends z.ZodType>(
  declaration: Declaration<Input>,
  run: (caller: Caller, input: z.output<Input>) => Promise<unknown>,
): Tool {
  const { name, title, description, input, who, readOnly } = declaration;
  const allowed = new Set<Audience>(who);
  return {
    name,
    register(server, caller) {
      if (!allowed.has(caller.principal.kind) && !(caller.isStaff && allowed.has("staff"))) return;
      const annotations = { readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false };
      const config = { title, description, inputSchema: advertised(input), annotations };
      server.registerTool(name, config, async (given): Promise<CallToolResult> => {
        try {
          return result(await run(caller, checked(input, given)));
        } catch (thrown) {
          return { ...result(problemOf(thrown)), isError: true };
        }
      });
    },
  };
}

/** The schema as clients see it. It lets everything pass: {@link checked} says what is wrong. */
function advertised(input: z.ZodType): StandardSchemaWithJSON {
  const schema = z.toJSONSchema(input, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // The custom schemas of the envelope are all "any object".
      if (zodSchema._zod.def.type === "custom") jsonSchema.type = "object";
    },
  });
  const json = () => ({ ...schema });
  return {
    "~standard": {
      version: 1,
      vendor: "event-sourcing",
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: json, output: json },
    },
  };
}

function checked<Input extends z.ZodType>(input: Input, given: unknown): z.output<Input> {
  inspectJson(given);
  const parsed = input.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  throw new ApplicationError("validation_failed", "The arguments are not what this tool takes.", {
    errors: fieldErrors(parsed.error),
  });
}

function result(value: unknown): CallToolResult {
  return { content: [{ type: "text", text: JSON.stringify(value) }] };
}

/** What a route would answer; what nobody threw on purpose is logged and says no more. */
function problemOf(thrown: unknown): Record<string, unknown> {
  if (!(thrown instanceof ApplicationError)) {
    console.error(JSON.stringify({ level: "error", tool: String(thrown) }));
    return problemOf(new ApplicationError("internal_error", "The tool could not be completed."));
  }
  const { code, status, title, detail, errors, members } = thrown;
  return { ...members, code, status, title, detail, ...errors && { errors } };
}
