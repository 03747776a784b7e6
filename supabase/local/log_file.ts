const kept = 2000;

/** A child's log: appended to a file, its last lines kept in memory; notes, and with `echo` every line, told to `tell`. */
export class LogFile {
  readonly lines: string[] = [];
  #file: Deno.FsFile;
  #tell: (line: string) => void;
  #echo: boolean;

  constructor(path: string, tell: (line: string) => void, echo: boolean) {
    this.#file = Deno.openSync(path, { create: true, append: true });
    this.#tell = tell;
    this.#echo = echo;
  }

  /** The last line that looks like a complaint, else the last line, for messages about a death. */
  get lastLine(): string {
    const complaint = this.lines.slice(-20).findLast((line) => /error|fatal|panic/i.test(line));
    return complaint ?? this.lines.at(-1) ?? "it said nothing";
  }

  /** Adds a line of the stack's own. */
  note(line: string): void {
    this.#keep(line);
    this.#tell(line);
  }

  /** Copies a process's output, line by line, until it closes. */
  async pump(output: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
    let rest = "";
    const take = (line: string) => {
      this.#keep(line);
      if (this.#echo) this.#tell(line);
      onLine(line);
    };
    for await (const text of output.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(take);
    }
    if (rest) take(rest);
  }

  close(): void {
    this.#file.close();
  }

  #keep(line: string): void {
    this.lines.push(line);
    if (this.lines.length > kept) this.lines.splice(0, kept / 2);
    this.#file.writeSync(new TextEncoder().encode(line + "\n"));
  }
}
