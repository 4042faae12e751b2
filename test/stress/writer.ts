import {workerData} from 'node:worker_threads'
import {usualPad} from './checked-lines.ts'
import {numbersTo, type Recorded} from './log-writer.ts'
import {scenarios} from './scenarios.ts'

const {name, folder, lines, received: result} = workerData as {name: string; folder: string; lines: number; received: Recorded}
const scenario = scenarios.find(one => one.name === name)
scenario?.write(folder, numbersTo(lines, result), scenario.pad ?? usualPad)
