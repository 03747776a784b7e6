import { repository } from "../../../supabase/local/repository.ts";
import { TextLineStream } from "./text_lines.ts";

/** A child that answers a line of JSON with a line of JSON, `{result}` or `{error}`. */
export class JsonProcess<Request, Result> {
  readonly pid: number;
  #process: Deno.ChildProcess;
  #input: WritableStreamDefaultWriter<Uint8Array>;
  #answers: ReadableStreamDefaultReader<string>;

  /** `script`, and a `config` other than deno.json, are relative to the repository. */
  constructor(
    script: string,
    env: Record<string, string> = {},
    { config = "deno.json", args = [] }: { config?: string; args?: string[] } = {},
  ) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--config", config, script, ...args],
      cwd: repository,
      env,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.pid = this.#process.pid;
    this.#input = this.#process.stdin.getWriter();
    this.#answers = this.#process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
  }

  /** One request at a time. */
  async ask(request: Request): Promise<Result> {
    await this.#input.write(new TextEncoder().encode(JSON.stringify(request) + "\n"));
    const { value, done } = await this.#answers.read();
    if (done) throw new Error("A process of the bench died; its error is above");
    const { result, error } = JSON.parse(value) as { result?: Result; error?: string }; // as above
    if (error !== undefined || result === undefined) throw new Error(error ?? "It said nothing");
    return result;
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    await this.#input.close().catch(() => {}); // it may be gone
    await this.#process.status;
  }
}
