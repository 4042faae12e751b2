import path from 'node:path'

/** Kept from one program that a test starts to the next: half of the time of a short one is the compiler's. */
export const compileCache = {NODE_COMPILE_CACHE: path.join(import.meta.dirname, '../node_modules/.cache/gatecrab-tests')}
