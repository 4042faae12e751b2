import v8 from 'node:v8'

/** The newest Node in which these flags were tried: one that does not know them would say so on the terminal. */
const newestTried = 26

/**
 * For what runs for days. V8 sizes its heap by what it may take on this machine: while many lines come, the rows that they
 * push out of the lists would stay for a while, several times as much as what is kept. A collection that comes sooner costs
 * no more CPU here, since little is kept.
 */
export const keepHeapSmall = (): void => {
  if (Number(process.versions.node.split('.')[0]) > newestTried) return
  v8.setFlagsFromString('--heap-growing-percent=40')
  v8.setFlagsFromString('--semi-space-growth-factor=1')
}
