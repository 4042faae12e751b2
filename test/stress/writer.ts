import {workerData} from 'node:worker_threads'
import {usualPad} from './checked-lines.ts'
import {type Heard, numbersTo} from './pen.ts'
import {scenarios} from './scenarios.ts'

const {name, folder, lines, heard} = workerData as {name: string; folder: string; lines: number; heard: Heard}
const scenario = scenarios.find(one => one.name === name)
scenario?.write(folder, numbersTo(lines, heard), scenario.pad ?? usualPad)
