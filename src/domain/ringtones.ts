/** Bounds of notification sounds, as the client configuration tells them. https://core.telegram.org/api/ringtones */
export const RINGTONE = {
  /** Bytes. */
  size: 307_200,
  /** Seconds. */
  duration: 5,
  /** Of one account. */
  saved: 100,
} as const
