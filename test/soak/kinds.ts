import type {Writing} from './writer.ts'

/** What is watched for how long, and what must hold. */
export type Kind = {
  about: string
  /** Without it a gateway is watched that nobody visits. */
  writing?: (seconds: number) => Omit<Writing, 'file'>
  maxRssMb: number
  /** Whether all attempts are counted on the screen at the end: as many rows as there are clients. */
  counted: boolean
  /** Whether memory may not grow, once it is warm; it may where all that is written is new for the whole length. */
  flat: boolean
}

const quarter = (seconds: number): number => Math.max(10, Math.floor(seconds / 4))

export const kinds: Readonly<Record<string, Kind>> = {
  quiet: {about: 'a gateway that nobody visits', maxRssMb: 150, counted: false, flat: true},
  busy: {
    about: '5,000 lines a second of 20 clients, rotated each minute',
    writing: seconds => ({seconds, linesPerSecond: 5000, clients: 20, addresses: 20, otherLines: 2, rotateSeconds: 60}),
    maxRssMb: 300,
    counted: true,
    flat: true,
  },
  clients: {
    about: '100,000 distinct clients, each refused once',
    writing: seconds => ({
      ...{seconds, linesPerSecond: Math.ceil(200_000 / quarter(seconds)), clients: 100_000, addresses: 100_000},
      ...{otherLines: 0, maxAttempts: 100_000},
    }),
    maxRssMb: 300,
    counted: false,
    flat: true,
  },
  storm: {
    about: '60,000 attempts from 300 addresses',
    writing: seconds => ({
      ...{seconds, linesPerSecond: Math.ceil(120_000 / quarter(seconds)), clients: 300, addresses: 300},
      ...{otherLines: 0, maxAttempts: 60_000},
    }),
    maxRssMb: 300,
    counted: true,
    flat: true,
  },
  agent: {
    about: 'a refusal each second whose user agent is 1 MB long',
    writing: seconds => ({
      ...{seconds, linesPerSecond: 2, clients: 20, addresses: 20, otherLines: 0, rotateSeconds: 60, agentBytes: 1_000_000},
    }),
    maxRssMb: 300,
    counted: true,
    flat: true,
  },
}
