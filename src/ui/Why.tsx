import type {Why as Told} from '../app/why/why-words.ts'
import {paragraph} from './parts/fit.ts'
import {Lines} from './parts/Lines.tsx'
import {mark, readable} from './parts/paint.ts'
import type {Theme} from './theme.ts'

const label = 5

const block = (name: string, text: string, width: number, most: number, theme: Theme): string[] =>
  paragraph(readable(text, theme), width - label, most, mark(theme)).map((line, i) => {
    const head = (i === 0 ? name : '').padEnd(label)
    return `${theme.open('strong')}${head}${theme.open('strong') === '' ? '' : theme.close}${line}`
  })

/** What the chosen row means, how often it was seen, and what to do about it, as far as there is room. */
export const whyLines = (told: Told, width: number, height: number, theme: Theme): string[] => {
  const most = Math.max(1, Math.min(Math.floor(height / 2), Math.max(3, Math.floor(height * 0.4))))
  const todo = told.todo === '' ? [] : block('DO', told.todo, width, most, theme)
  const rest = height - todo.length
  const why =
    told.why === '' ? [] : block('WHY', told.why, width, told.seen === '' ? rest : Math.max(1, Math.min(most, rest - 1)), theme)
  const room = rest - why.length
  const seen = told.seen === '' || room < 1 ? [] : block('SEEN', told.seen, width, room, theme)
  return [...why, ...seen, ...todo]
}

export const Why = ({told, width, height, theme}: {told: Told; width: number; height: number; theme: Theme}) => (
  <Lines height={height} width={width} lines={whyLines(told, width, height, theme)} />
)
