/** What happened, why, and what to do, for the row that is chosen. */
export type Explanation = {why: string; seen: string; tryThis: string; facts: readonly (readonly [string, string])[]}

export const joined = (parts: readonly (string | null)[]): string => parts.filter(part => part !== null && part !== '').join('; ')
