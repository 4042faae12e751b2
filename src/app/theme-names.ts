/** What the screen can be painted with: for a dark terminal, a light one, and a light one of sixteen colours. */
export const themeNames = ['dark', 'light', 'light-16'] as const
export type ThemeName = (typeof themeNames)[number]
