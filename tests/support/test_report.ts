/** The line CI reads, from the JUnit report of `deno test`; a run that left no report counts as one failure. */
export async function countTests(report: string, exitCode: number): Promise<string> {
  const xml = await Deno.readTextFile(report).catch(() => "");
  const cases = xml.match(/<testcase\b[^>]*?(\/>|>[\s\S]*?<\/testcase>)/g) ?? [];
  const failed = cases.filter((one) => /<(failure|error)\b/.test(one)).length;
  const skipped = cases.filter((one) => /<skipped\b/.test(one)).length;
  const passed = cases.length - failed - skipped;
  // Some failures, such as a file that does not compile, are no test case.
  const counted = exitCode !== 0 && failed === 0 ? 1 : failed;
  return `${passed} passed, ${counted} failed${skipped ? `, ${skipped} skipped` : ""}`;
}
