export const narrow = {cols: 80, rows: 24} as const
export const wide = {cols: 200, rows: 60} as const
export const sizes = [narrow, wide] as const
