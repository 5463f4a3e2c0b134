/** Values of the whole server. */
export interface SettingTable {
  name: string
  value: string
}

declare module './index.ts' {
  interface Tables {
    setting: SettingTable
  }
}
