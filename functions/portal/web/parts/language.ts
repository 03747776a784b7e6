/** uPlot formats numbers in the browser's language, and cannot be loaded where that is no language tag ("en-US@posix"). */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}
