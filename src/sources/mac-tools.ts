type Env = Readonly<Record<string, string | undefined>>

/** cron of macOS has /usr/bin and /bin only; lsof and netstat are in /usr/sbin, and no other program of that name is meant. */
export const withSystemTools = (env: Env): Env => ({...env, PATH: ['/usr/sbin', env['PATH'], '/sbin'].filter(Boolean).join(':')})
