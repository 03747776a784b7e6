import { assert, assertEquals } from "@std/assert";
import { patternCost } from "../../../shared/events/pattern_cost.ts";

Deno.test("patternCost() lets everyday patterns pass", () => {
  const everyday: [string, number][] = [
    ["^[A-Z]{2}$", 2],
    ["^[A-Z]{3}-[0-9]{4,8}$", 20],
    ["^\\+?[0-9]{6,15}$", 16],
    ["^(red|green|blue)$", 10],
    ["^(?:https?)://[^\\s]+$", 500],
    ["^\\p{Lu}\\w*$", 100],
    ["^[^@]+@[^@]+$", 254],
    ["[0-9]+", 900],
    ["^\\d{4}-\\d{2}-\\d{2}$", 10],
  ];
  for (const [pattern, length] of everyday) {
    const cost = patternCost(pattern, length);
    assert(cost <= 1_000_000, `${pattern} costs ${cost}`);
  }
});

Deno.test("patternCost() finds patterns that hang a validator too dear", () => {
  const hanging = [
    "^(a+)+$",
    "^(a|a)*$",
    "^(a|aa)+$",
    "^(.*)*$",
    "(x+x+)+y",
    "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+$",
    "^a*a*a*a*a*b$",
    "^(a?){30}a{30}$",
    "\\s+\\s+$",
  ];
  for (const pattern of hanging) {
    const cost = patternCost(pattern, 1000);
    assert(cost > 1_000_000, `${pattern} costs ${cost}`);
  }
});

Deno.test("patternCost() refuses what it cannot bound or that is no pattern", () => {
  for (const pattern of ["^(?=a)b", "(?<!a)b", "(a)\\1", "(?<n>a)\\k<n>", "[", "(", "a{2,1}"]) {
    assertEquals(patternCost(pattern, 10), Infinity, pattern);
  }
});

Deno.test("what patternCost() lets pass is fast on the worst string it is tried on", () => {
  const worst: [string, string][] = [
    ["^[^@]+@[^@]+$", "x".repeat(254)],
    ["[0-9]+x", "1".repeat(900)],
    ["^a*a*$", "a".repeat(900) + "b"],
  ];
  for (const [pattern, text] of worst) {
    assert(patternCost(pattern, text.length) <= 1_000_000, pattern);
    const started = performance.now();
    new RegExp(pattern, "u").test(text);
    const took = performance.now() - started;
    assert(took < 5_000, `${pattern} took ${took} ms`);
  }
});
