/** Others may not read it. */
export const isPrivate = (mode: number): boolean => (mode & 0o044) !== 0o044

/**
 * launchd of macOS 26 (Darwin 25) ends a bootstrap of a private plist with "5: Input/output error", so no plist is ever advised to be
 * made private; up to macOS 15 it takes one. A kernel that is not known may be either.
 */
export const mayRefusePrivate = (kernel: string | null): boolean => !/^(?:1\d|2[0-4])\./.test(kernel ?? '')
