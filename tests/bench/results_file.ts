/** results.md: the last outcome of each part. */

const file = new URL("results.md", import.meta.url);

const preface = `# Bench

Written by \`deno task bench\`. Ratios compare two things measured in the same rounds on the same machine: the median of the
rounds, with the lowest and the highest. A ratio whose spread crosses 1 is a tie. Absolute numbers say little about other machines.
`;

/** Replaces the sections of the parts that ran and keeps the others. `order` lists all titles. */
export async function store(sections: Map<string, string>, order: string[]): Promise<void> {
  const known = sectionsOf(await Deno.readTextFile(file).catch(() => ""));
  const all = new Map([...known, ...sections]);
  const kept = order.flatMap((title) => all.get(title) ?? []);
  await Deno.writeTextFile(file, [preface, ...kept].join("\n"));
}

/** Keeps a drawing beside results.md. */
export async function storePlot(name: string, svg: string): Promise<void> {
  await Deno.writeTextFile(new URL(name, import.meta.url), svg);
}

function sectionsOf(markdown: string): Map<string, string> {
  const sections = markdown.split(/^(?=## )/m).slice(1);
  return new Map(sections.map((text) => {
    const title = text.slice(3, text.indexOf("\n"));
    return [title, text.trimEnd() + "\n"];
  }));
}
