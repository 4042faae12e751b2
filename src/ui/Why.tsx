import type {Why as Told} from '../app/why.ts'
import {Lines} from './parts/Lines.tsx'
import {paragraph} from './parts/fit.ts'
import {readable} from './parts/paint.ts'
import type {Theme} from './theme.ts'

const label = 5

const block = (name: string, text: string, width: number, most: number, theme: Theme): string[] =>
  paragraph(readable(text, theme), width - label, most, theme.isAscii ? '~' : '…').map((line, i) => {
    const head = (i === 0 ? name : '').padEnd(label)
    return `${theme.open('strong')}${head}${theme.open('strong') === '' ? '' : theme.close}${line}`
  })

/** What the chosen row means, how often it was seen, and what to do about it: the reason gives way last. */
export const Why = ({told, width, height, theme}: {told: Told; width: number; height: number; theme: Theme}) => {
  const seen = told.seen === '' || height < 4 ? [] : block('SEEN', told.seen, width, 1, theme)
  const why = told.why === '' ? [] : block('WHY', told.why, width, Math.max(1, told.todo === '' ? height : Math.ceil((height - seen.length) / 2)), theme)
  const todo = told.todo === '' ? [] : block('DO', told.todo, width, Math.max(1, height - why.length - seen.length), theme)
  return <Lines height={height} width={width} lines={[...why, ...seen, ...todo]} />
}
