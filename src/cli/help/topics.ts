import {actionGroups, keymap} from '../../app/actions.ts'
import {filterFields, filterForms} from '../../app/filter-help.ts'
import {type Command, exit} from '../command.ts'
import {helpRow} from '../options.ts'
import {folded} from '../print/word-wrap.ts'

type Rows = readonly (readonly [term: string, about: string])[]

/** A page of `gatecrab help NAME`, and a section of the manual page. */
export type Topic = {about: string; parts: readonly (string | {title: string; rows: Rows})[]}

const keyRows = (): {title: string; rows: Rows}[] =>
  Object.entries(actionGroups).map(([group, title]) => ({
    title,
    rows: keymap.filter(row => row.group === group).map(({keys, about}) => [keys.join(' '), about]),
  }))

export const topics = {
  keys: {
    about: 'the keys of the screen; ? shows them there',
    parts: [
      ...keyRows(),
      'Times are in your zone, which the screen names; --utc puts every clock, and every time that you type, in UTC. `:at 03:10`, `:at 2026-11-30 03:10` and `:at -2h` put Log, Attempts and Timeline there, and read the log back as far; in a replay they go there.',
      'Enter on a line of the Log shows it whole: JSON a value a line, wrapped or sideways. `:write FILE` writes the rows as they are filtered, lines of the Log as they stand in their files: redacted like a report, mode 0600, and never over a file that exists.',
      '`--mouse` (or `:mouse`) lets a click select a row or a tab.',
    ],
  },
  filters: {
    about: 'what / takes on the screen, and the fields of each panel',
    parts: [
      {title: 'what is typed', rows: filterForms},
      {title: 'the fields of each panel', rows: filterFields},
      'The rows narrow while you type; esc brings back what was there, Up what you typed earlier, Tab the names of the fields. `:filter save NAME` keeps a filter, `:filter NAME` shows it again, `:filter forget NAME` forgets it; `filters` of the config file names some as well.',
    ],
  },
  gateways: {
    about: 'which gateway is meant, and several in one view',
    parts: [
      "Which one: --profile NAME, --state-dir, --config, else OPENCLAW_STATE_DIR and OPENCLAW_CONFIG_PATH, else what the running gateway or its service says of its port and config. OPENCLAW_PROFILE selects none, as in OpenClaw. A plan asks OpenClaw's command which config it means, and refuses where file, command and process are not one gateway.",
      'Several: --host (repeatable) and --profile (twice or more, or beside a host) make one view, a row for each gateway, the worst first; enter opens the screen of one, q comes back. --fleet takes the hosts of the config file, every profile of this account that has a config, and the cells that `openclaw fleet list` names.',
      'A gateway elsewhere is watched through ssh by the gatecrab there (`ssh HOST gatecrab …` has to work), one of this machine by a gatecrab of its own. `check`, `check --watch` and `metrics` take the same flags.',
    ],
  },
  containers: {
    about: 'a gateway in Docker or podman',
    parts: [
      "It is found without a flag: by the process that listens, the port that is published, or the config that is mounted. Its console is read with `docker logs`, through restarts and `docker compose up -d`; a log file that is mounted is read instead. OpenClaw's command is `docker exec -i NAME …`; `restart` is `docker restart` and waits for a new start.",
      'Where the token in the compose file, or in .env beside it, changes, `propagate`, `rotate` and `undo` end with `docker compose up -d` of that service (`docker-compose` where that is what is here). A plain restart keeps the old environment, and the command of OpenClaw 2026.2.6-3 to 2026.7.35 sends it before the config, so a rotation seems to revert.',
      'gatecrab needs the right to ask the engine. Without it, it says so and what helps, and calls nothing quiet.',
    ],
  },
  limits: {
    about: 'what cannot be known or done, and why',
    parts: [
      "A successful command line, node or app leaves no line in a default log. gatecrab holds one read-only connection of its own (none where no token is known, for --log and replays) and reads the system's list of connections. Without either, `in` is known of browsers only. A gateway killed with SIGKILL writes nothing, and no end is made up.",
      "Before a secret is sent, who listens has to show that it is the gateway: its process belongs to the owner of the config, to you or to root, and /healthz, /tools/invoke and the WebSocket challenge have OpenClaw's form. A program of the same account that copies all of this cannot be told apart. Where the process cannot be seen nothing is sent unasked, and --yes does not confirm a plan: type its word at a terminal.",
      "On macOS the list of connections is that of lsof for your own account and of `netstat -anv` for the others, each sought in /usr/sbin first, also in cron. Where neither shows who listens, nothing is said of it. A look costs the start of a program there, so a slow Mac is looked at less often. Variables of a gateway that was started by `openclaw gateway run` are shown to nobody. A LaunchDaemon is root's: its restart is said (`sudo launchctl kickstart`), not done.",
      'Where a file system reports no changes (NFS) the log is polled four times a second; up to five rotations between two polls are caught up with.',
      'The lock-out meter is an estimate: the gateway announces neither the count nor the lock. The terminal has at least 40x10; 80x24 is what the screen is made for. After `kill -9` run `reset`.',
    ],
  },
} as const satisfies Readonly<Record<string, Topic>>

const partText = (part: Topic['parts'][number]): string =>
  typeof part === 'string' ? folded(part, '') : [part.title, ...part.rows.map(([term, about]) => helpRow(term, about))].join('\n')

export const topicCommand = (name: keyof typeof topics): Command => {
  const {about, parts}: Topic = topics[name]
  const text = (): string => `${parts.map(partText).join('\n\n')}\n`
  const run = () => {
    process.stdout.write(text())
    return exit.fine
  }
  return {words: name, about, flags: {}, settings: 'none', text, run}
}
