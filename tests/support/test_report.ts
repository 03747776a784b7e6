/**
 * The line CI reads, from the JUnit reports of `deno test`; a run that left no report counts as one
 * failure.
 */
export async function countTests(reports: readonly string[], exitCode: number): Promise<string> {
  const texts = reports.map((report) => Deno.readTextFile(report).catch(() => ""));
  const xml = (await Promise.all(texts)).join("\n");
  const cases = xml.match(/<testcase\b[^>]*?(\/>|>[\s\S]*?<\/testcase>)/g) ?? [];
  const failed = cases.filter((one) => /<(failure|error)\b/.test(one)).length;
  const skipped = cases.filter((one) => /<skipped\b/.test(one)).length;
  const passed = cases.length - failed - skipped;
  // Some failures, such as a file that does not compile, are no test case.
  const counted = exitCode !== 0 && failed === 0 ? 1 : failed;
  return `${passed} passed, ${counted} failed${skipped ? `, ${skipped} skipped` : ""}`;
}
