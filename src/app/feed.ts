import type {FeedHandlers} from './effect.ts'
import type {Store} from './store.ts'

/** Lends the terminal to a child process until the work is done; `'keep-output'`: its last lines are to be read first. */
export type Lend = (work: () => Promise<'keep-output' | undefined>) => Promise<void>

/** What a screen can do for what feeds it. */
/** False where it reached no clipboard. A secret is left nowhere on the way. */
export type CopyText = (text: string, isSecret?: boolean) => Promise<boolean>

export type ScreenServices = {lend: Lend; copy: CopyText}

/** What feeds a screen, and does what the screen cannot do itself. */
export type Feed = {handlers: FeedHandlers; now?: () => number; end: () => void}

export type Begin = (store: Store, services: ScreenServices) => Feed
