/** People as SQL sees them. STAFF is the seed's; the two customers exist in no table. */
export const STAFF = "5eed0000-0000-4000-8000-000000000001";
export const ANNA = "aaaaaaaa-0000-4000-8000-00000000000a";
export const BEN = "bbbbbbbb-0000-4000-8000-00000000000b";
