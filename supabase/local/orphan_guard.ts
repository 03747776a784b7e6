/**
 * Watches over one process on behalf of this one, in a shell that outlives it: when this process ends in any way, SIGKILL
 * included, the pipe closes and the watched process is told to stop. Returns the function that ends the watch.
 */
export function guard(pid: number, signal: Deno.Signal): () => Promise<void> {
  const shell = new Deno.Command("sh", {
    args: ["-c", 'read -r _; kill -s "$1" "$2"', "guard", signal.slice(3), String(pid)],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    detached: true, // Ctrl-C in the terminal must not reach it
  }).spawn();
  return async () => {
    shell.kill("SIGKILL");
    await shell.status;
    await shell.stdin.abort().catch(() => {});
  };
}
