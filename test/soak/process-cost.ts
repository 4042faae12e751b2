import fs from 'node:fs'

/** What the kernel says of a process; CPU in seconds, that of its ended children too. */
export type ProcessCost = {rssMb: number; peakMb: number; cpuSeconds: number; fds: number; threads: number; children: number}

const ticksPerSecond = 100

const mbIn = (status: string, field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024

/** Behind the name of the program, which may hold blanks and brackets. */
const statOf = (pid: number): string[] => {
  const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

const cpuSecondsOf = (pid: number): number =>
  statOf(pid)
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond

export const rssMbOf = (pid: number): number => mbIn(fs.readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS')

export const costOf = (pid: number): ProcessCost => {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8')
  return {
    rssMb: mbIn(status, 'VmRSS'),
    peakMb: mbIn(status, 'VmHWM'),
    cpuSeconds: cpuSecondsOf(pid),
    fds: fs.readdirSync(`/proc/${pid}/fd`).length,
    threads: fs.readdirSync(`/proc/${pid}/task`).length,
    children: fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).length,
  }
}
