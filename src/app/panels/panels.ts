/** The order is the order of the digits. */
export const panels = {
  clients: {title: 'Clients', about: 'who knocks, folded by who they are and why'},
  attempts: {title: 'Attempts', about: 'each connection attempt'},
  log: {title: 'Log', about: 'every line'},
  profiles: {title: 'Profiles', about: "the model providers' logins, soonest end first"},
  copies: {title: 'Copies', about: "the places the gateway's token lives in"},
  timeline: {title: 'Timeline', about: 'what happened to the gateway'},
} as const

export type PanelId = keyof typeof panels
export const panelIds = Object.keys(panels) as PanelId[]
