import type * as tl from '../../tl/gen/types.ts'

/** Presets of what clients load by themselves: abroad, over a mobile network, over Wi-Fi. */
export type DownloadPreset = 'low' | 'medium' | 'high'

const MiB = 1024 * 1024

const preset = (more: Partial<tl.autoDownloadSettings>): tl.autoDownloadSettings => ({
  _: 'autoDownloadSettings',
  photoSizeMax: MiB,
  videoSizeMax: 0,
  fileSizeMax: 0,
  videoUploadMaxbitrate: 100,
  smallQueueActiveOperationsMax: 5,
  largeQueueActiveOperationsMax: 2,
  ...more,
})

/** What holds while an account has set nothing. https://core.telegram.org/constructor/account.autoDownloadSettings */
export const DOWNLOAD_DEFAULTS: Record<DownloadPreset, tl.autoDownloadSettings> = {
  low: preset({ phonecallsLessData: true, videoUploadMaxbitrate: 50 }),
  medium: preset({ audioPreloadNext: true, videoSizeMax: 10 * MiB, fileSizeMax: MiB }),
  high: preset({
    videoPreloadLarge: true,
    audioPreloadNext: true,
    storiesPreload: true,
    videoSizeMax: 15 * MiB,
    fileSizeMax: 3 * MiB,
  }),
}

/** Clients save nothing to the device's gallery as long as nobody has asked them to. */
export const SAVE_DEFAULT: tl.autoSaveSettings = { _: 'autoSaveSettings', videoMaxSize: BigInt(100 * MiB) }
