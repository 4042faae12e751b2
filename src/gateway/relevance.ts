const subsystem = '{"0":"{\\"subsystem\\":\\"'
const moduleLine = '{"0":"{\\"module\\":\\"'
const telling = ['gateway\\"', 'gateway/ws\\"', 'gateway/reload\\"', 'gateway/shutdown\\"', 'provider-transport-fetch\\"', 'agent', 'diagnostic\\"']

/** Whether a raw line may tell an event, judged by its first bytes. Lines of an unknown shape may. */
export const mayTell = (text: string, start: number): boolean => {
  if (text.startsWith(subsystem, start)) return telling.some(name => text.startsWith(name, start + subsystem.length))
  return !text.startsWith(moduleLine, start)
}
