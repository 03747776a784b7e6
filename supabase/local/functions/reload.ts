/** Calls `changed` after a file under one of `folders` was saved; returns the function that ends the watch. */
export function watchFolders(folders: string[], changed: () => void): () => void {
  const watcher = Deno.watchFs(folders);
  let timer: ReturnType<typeof setTimeout> | undefined;
  (async () => {
    for await (const event of watcher) {
      if (event.kind === "access") continue;
      clearTimeout(timer);
      timer = setTimeout(changed, 100); // an editor writes a file in several steps
    }
  })();
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
