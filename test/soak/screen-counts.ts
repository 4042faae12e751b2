import type {WatchedScreen} from './watched-screen.ts'

/** How often the chosen client was refused, as the screen says it; null where it does not. */
export const countShown = (text: string): number | null => {
  const found = /SEEN +(?:once|(?<run>\d+) times)(?:[^;]*?, (?<all>\d+) in all)?/.exec(text.replaceAll(/\s+/g, ' '))
  return found && Number(found.groups?.['all'] ?? found.groups?.['run'] ?? 1)
}

export type Counted = {name: string; expected: number; shown: number | null; row: string | null}

const settleMs = 15_000

/** Each client is filtered for, since what is sorted by time moves; the last lines may still be on their way. */
export const countOnScreen = async (
  screen: WatchedScreen,
  clients: readonly Omit<Counted, 'shown' | 'row'>[],
): Promise<Counted[]> => {
  const found: Counted[] = []
  for (const {name, expected} of clients) {
    screen.press('/')
    screen.type(`client:${name}`)
    screen.press('enter')
    const shown = () => (screen.chosenRow()?.includes(name) ? countShown(screen.text()) : null)
    await screen.waitFor(() => shown() === expected, settleMs).catch(() => {})
    found.push({name, expected, shown: shown(), row: screen.chosenRow()})
    screen.press('esc')
    await screen.waitForGone(`client:${name}`)
  }
  return found
}
