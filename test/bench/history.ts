import path from 'node:path'
import {allTexts, type Copy, ofOthers, quietTexts, refusalTexts, verbatim, writeLog} from './long-log.ts'
import {best, environmentIn, runOurs, runPeer} from './measure.ts'
import type {Group} from './rows.ts'

const jqArgs = ['-c', 'select(._meta.logLevelName == "WARN")']
const rgArgs = ['-c', 'closed before connect|unauthorized conn=']

/** A long log folded by client, beside jq that filters it and ripgrep that counts the lines of refusals. */
export const history: Group = ({isQuick, folder}, add) => {
  const log = path.join(folder, 'history.jsonl')
  const env = environmentIn(folder)
  const mb = isQuick ? 64 : 512
  const rounds = isQuick ? 1 : 3
  const measure = (name: string, texts: readonly string[], copy: Copy): void => {
    writeLog(log, mb * 2 ** 20, texts, copy)
    const runs = Array.from({length: rounds}, () => ({
      ours: runOurs(['connections', '--log', log, '--by', 'client', '--json'], env),
      jq: runPeer('jq', [...jqArgs, log], env),
      rg: runPeer('rg', [...rgArgs, log], env),
    }))
    const ms = Math.min(...runs.map(({ours}) => ours.ms))
    const what = `history, ${mb} MB, ${name}`
    add({what, unit: 'ms', ours: ms, peer: 'jq, a filter', theirs: best(runs.map(({jq}) => jq)), reach: {times: 0.1}})
    add({what, unit: 'ms', ours: ms, peer: 'ripgrep, a count', theirs: best(runs.map(({rg}) => rg)), reach: {times: 12}})
    const rssMb = Math.max(...runs.map(({ours}) => ours.rssMb))
    add({what: `${what}: memory`, unit: 'MB', ours: rssMb, peer: '', theirs: null, reach: null})
  }
  measure('refusals', refusalTexts(), ofOthers)
  measure('default level', quietTexts(), ofOthers)
  measure('and verbose', allTexts(), ofOthers)
  measure('the same again', allTexts(), verbatim)
}
