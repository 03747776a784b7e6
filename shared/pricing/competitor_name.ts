/**
 * What two spellings of one competitor have in common, as Unicode's NFKC_Casefold has it, with one
 * space between words: neither case, width nor what cannot be seen makes another competitor.
 */
export function competitorKey(name: string): string {
  return name.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toUpperCase().toLowerCase().normalize("NFKC")
    .trim().replace(/\s+/g, " ");
}
