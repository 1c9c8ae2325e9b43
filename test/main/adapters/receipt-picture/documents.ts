import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import type { Block, ReceiptDocument, ReceiptFacts } from '../../../../src/main/core/receipt/document.ts';
import { money } from '../../../../src/shared/money.ts';
import { facts } from '../../core/receipt/facts.ts';

/** A document of these blocks only. */
export function documentOf(...blocks: readonly Block[]): ReceiptDocument {
  return { receiptNumber: 1, copy: false, cash: false, language: 'en', blocks };
}

/** A receipt with these lines, in hundredths of a euro. */
export function receiptWith(titles: readonly string[], change: Partial<ReceiptFacts> = {}): ReceiptDocument {
  const lines = titles.map((title, index) => ({ title, total: 100 + index }));
  const total = money(
    lines.reduce((sum, line) => sum + line.total, 0),
    'EUR',
  );
  return composeReceipt({ ...facts, lines, total, ...change }, { copy: false });
}

/** The letters of the languages of Europe beyond ASCII, capitals and small ones. */
export const europeanLetters: Readonly<Record<string, string>> = {
  Bulgarian: 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯабвгдежзийклмнопрстуфхцчшщъьюяЍѝ',
  Croatian: 'ČčĆćĐđŠšŽž',
  Czech: 'ÁáČčĎďÉéĚěÍíŇňÓóŘřŠšŤťÚúŮůÝýŽž',
  Danish: 'ÆæØøÅåÉéǼǽǾǿ',
  Dutch: 'ÁáÄäÉéËëÍíÏïÓóÖöÚúÜüĲĳ',
  Estonian: 'ÄäÖöÕõÜüŠšŽž',
  Finnish: 'ÄäÖöÅåŠšŽž',
  French: 'ÀàÂâÆæÇçÈèÉéÊêËëÎîÏïÔôŒœÙùÛûÜüŸÿ',
  German: 'ÄäÖöÜüß',
  Greek: 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψωΆΈΉΊΌΎΏάέήίόύώΪΫϊϋΐΰ',
  Hungarian: 'ÁáÉéÍíÓóÖöŐőÚúÜüŰű',
  Icelandic: 'ÁáÐðÉéÍíÓóÚúÝýÞþÆæÖö',
  Irish: 'ÁáÉéÍíÓóÚúḂḃĊċḊḋḞḟĠġṀṁṖṗṠṡṪṫ',
  Italian: 'ÀàÈèÉéÌìÍíÎîÒòÓóÙùÚú',
  Latvian: 'ĀāČčĒēĢģĪīĶķĻļŅņŠšŪūŽžŌōŖŗ',
  Lithuanian: 'ĄąČčĘęĖėĮįŠšŲųŪūŽž',
  Macedonian: 'ЃѓЅѕЈјЉљЊњЌќЏџЀѐ',
  Maltese: 'ĊċĠġĦħŻżÀàÈèÌìÒòÙù',
  Norwegian: 'ÆæØøÅåÉéÒò',
  Polish: 'ĄąĆćĘęŁłŃńÓóŚśŹźŻż',
  Portuguese: 'ÁáÂâÃãÀàÇçÉéÊêÍíÓóÔôÕõÚú',
  Romanian: 'ĂăÂâÎîȘșȚțŞşŢţ',
  Russian: 'ЁёЫыЭэ№',
  Sami: 'ÁáČčĐđŊŋŠšŦŧŽžǦǧǨǩǮǯ',
  Serbian: 'ЂђЈјЉљЊњЋћЏџ',
  Slovak: 'ÁáÄäČčĎďÉéÍíĹĺĽľŇňÓóÔôŔŕŠšŤťÚúÝýŽž',
  Slovene: 'ČčŠšŽž',
  Spanish: 'ÁáÉéÍíÑñÓóÚúÜü¿¡',
  Swedish: 'ÅåÄäÖöÉé',
  Turkish: 'ÇçĞğİıÖöŞşÜüÂâ',
  Ukrainian: 'АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюя',
  Welsh: 'ÂâÊêÎîÔôÛûŴŵŶŷẀẁẂẃẄẅỲỳ',
  Belarusian: 'ЎўІіЁё',
  Albanian: 'ÇçËë',
  Georgian: 'აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ',
};
