/** How the screen alerts. */
export const alertWays = ['bell', 'title', 'osc9', 'none'] as const
export type AlertWay = (typeof alertWays)[number]

export const isAlertWay = (text: string): text is AlertWay => (alertWays as readonly string[]).includes(text)
