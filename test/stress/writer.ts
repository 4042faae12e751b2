import {workerData} from 'node:worker_threads'
import {usualPad} from './checked-lines.ts'
import {numbersTo} from './pen.ts'
import {scenarios} from './scenarios.ts'

const {name, folder, lines} = workerData as {name: string; folder: string; lines: number}
const scenario = scenarios.find(one => one.name === name)
scenario?.write(folder, numbersTo(lines), scenario.pad ?? usualPad)
