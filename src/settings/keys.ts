import {z} from 'zod'
import {themeNames} from '../app/theme-names.ts'
import {alertWays} from '../domain/alerts/ways.ts'
import {isHost} from '../gateway/ssh-output.ts'

export type SettingKey = {
  /** The flag of the same name, which wins. */
  flag: string | null
  kind: 'one' | 'list' | 'named'
  /** Of the value, or of each item. */
  schema: z.ZodType<string | boolean>
  takes: string
  /** The words that it takes, where they are few. */
  words?: readonly string[]
  about: string
  /** What holds where nobody says anything. */
  otherwise: string
  example: string
}

const text = z.string().trim().min(1)
const hostSchema = text.refine(isHost)
const yes = z.boolean()

const hostWords = 'a host as ssh names it, such as user@mini'

/** One row knows everything about one setting: `gatecrab config --example` and the messages follow. */
const settingKeys = {
  alert: {
    ...{flag: 'alert', kind: 'one', schema: z.enum(alertWays), takes: `one of ${alertWays.join(', ')}`, words: alertWays},
    about: 'how the screen alerts',
    otherwise: 'bell',
    example: "'bell'",
  },
  onChange: {
    ...{flag: 'on-change', kind: 'one', schema: text, takes: 'a command for /bin/sh'},
    about: 'run at each change, by the screen and by check --watch; see gatecrab help on-change',
    otherwise: 'none',
    example: `'curl -fsS -m 20 --data-raw "$GATECRAB_SUMMARY" https://ntfy.sh/YOUR-TOPIC'`,
  },
  theme: {
    ...{flag: 'theme', kind: 'one', schema: z.enum(themeNames), takes: `one of ${themeNames.join(', ')}`, words: themeNames},
    about: 'the colours of the screen',
    otherwise: 'as the terminal says',
    example: "'light'",
  },
  ascii: {
    ...{flag: 'ascii', kind: 'one', schema: yes, takes: 'true or false'},
    about: 'no characters beyond ASCII in the frame',
    otherwise: 'as the locale and TERM say',
    example: 'true',
  },
  utc: {
    ...{flag: 'utc', kind: 'one', schema: yes, takes: 'true or false'},
    about: 'every clock in UTC, and every time that is typed',
    otherwise: 'false',
    example: 'true',
  },
  mouse: {
    ...{flag: 'mouse', kind: 'one', schema: yes, takes: 'true or false'},
    about: 'a click selects a row or a tab; text is then selected with Shift held',
    otherwise: 'false',
    example: 'true',
  },
  openclaw: {
    ...{flag: 'openclaw', kind: 'one', schema: text, takes: 'a command, such as docker exec -i gw openclaw'},
    about: 'the OpenClaw command to run',
    otherwise: 'the one of the service, else on PATH',
    example: "'docker exec -i gw openclaw'",
  },
  warnAfter: {
    ...{flag: 'warn-after', kind: 'one', takes: 'a length such as 12h, 2d or 1w'},
    schema: z
      .string()
      .trim()
      .regex(/^\d{1,4}(?:\.\d+)?(?:m|h|d|w)$/),
    about: 'a login that ends within that time counts as ending soon',
    otherwise: '1d',
    example: "'2d'",
  },
  hosts: {
    ...{flag: null, kind: 'list', schema: hostSchema, takes: hostWords},
    about: 'gateways of other machines, for gatecrab --fleet',
    otherwise: 'none',
    example: "['user@mini', 'studio']",
  },
  remotes: {
    ...{flag: 'remote', kind: 'list', schema: hostSchema, takes: hostWords},
    about: "machines that hold a copy of the gateway's token",
    otherwise: 'none',
    example: "['user@laptop']",
  },
  knownAs: {
    ...{flag: 'known-as', kind: 'list', schema: text, takes: 'a host name or an address'},
    about: 'further names of this gateway',
    otherwise: 'none',
    example: "['gw.tailnet.ts.net']",
  },
  filters: {
    ...{flag: null, kind: 'named', schema: text, takes: 'what / takes, by a name'},
    about: 'filters with a name: :filter nodes',
    otherwise: 'none',
    example: "{nodes: 'mode:node !in', storms: 'state:storm'}",
  },
} as const satisfies Record<string, SettingKey>

export type SettingName = keyof typeof settingKeys

export const settingNames = Object.keys(settingKeys) as SettingName[]

export const keyOf = (name: SettingName): SettingKey => settingKeys[name]
