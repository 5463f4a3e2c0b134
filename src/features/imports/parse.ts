import { ExportDateError, type ParsedExport } from './export.ts'
import { parseKakaoTalk } from './kakaotalk.ts'
import { parseLine } from './line.ts'
import { parseWhatsApp } from './whatsapp.ts'

export { ExportDateError, type ParsedExport }

/**
 * A chat as another application exported it: WhatsApp, LINE, KakaoTalk; undefined for anything else. Throws
 * ExportDateError where its dates make no sense. https://core.telegram.org/api/import
 */
export function parseExport(text: string): ParsedExport | undefined {
  return parseLine(text) ?? parseKakaoTalk(text) ?? parseWhatsApp(text)
}
