/**
 * Top-level domains by which an address without a protocol is told from two words with a dot between. Countries' are
 * complete; of the others those that people meet.
 */
const COUNTRIES =
  'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc cd ' +
  'cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge ' +
  'gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki ' +
  'km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my ' +
  'mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se ' +
  'sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz ' +
  'va vc ve vg vi vn vu wf ws ye yt za zm zw'
const GENERIC =
  'com net org edu gov mil int arpa info biz name pro aero asia cat coop jobs mobi museum post tel travel xxx ' +
  'academy accountant actor adult agency airforce amsterdam apartments app archi army art associates attorney auction ' +
  'audio auto autos baby band bank bar barcelona bargains beauty beer berlin best bet bid bike bingo bio black blog blue ' +
  'boats bond boo book boston bot boutique box broker build builders business buy buzz cab cafe camera camp capital car ' +
  'cards care career careers cars casa cash casino catering center ceo cfd chat cheap christmas church city claims ' +
  'cleaning click clinic clothing cloud club coach codes coffee college cologne community company compare computer ' +
  'condos construction consulting contact contractors cooking cool country coupons courses credit creditcard cricket ' +
  'cruises cyou dad dance date dating day deals degree delivery democrat dental dentist desi design dev diamonds diet ' +
  'digital direct directory discount doctor dog domains download earth eco education email energy engineer engineering ' +
  'enterprises equipment esq estate events exchange expert exposed express fail faith family fan fans farm fashion fast ' +
  'feedback film finance financial fish fishing fit fitness flights florist flowers fly food football forex forsale forum ' +
  'foundation free fun fund furniture futbol fyi gallery game games garden gay gift gifts gives giving glass global gmbh ' +
  'gold golf google graphics gratis green gripe group guide guitars guru hair haus health healthcare help hiphop hockey ' +
  'holdings holiday homes horse hospital host hosting hot hotels house how icu immo immobilien inc industries ink ' +
  'institute insurance insure international investments irish ist istanbul jetzt jewelry juegos kaufen kids kim kitchen ' +
  'kiwi koeln krd land lat law lawyer lease legal lgbt life lifestyle lighting limited limo link live llc loan loans lol ' +
  'london lotto love ltd ltda luxe luxury madrid maison makeup management map market marketing markets mba media memorial ' +
  'men menu miami mom monster mortgage moscow motorcycles mov movie music navy network new news nexus ngo ninja now nyc ' +
  'observer one ong onion onl online ooo page paris partners parts party pay pet pharmacy phd phone photo photography ' +
  'photos pics pictures pink pizza place play plumbing plus poker porn press productions prof promo properties property ' +
  'protection pub quest racing radio realestate realty recipes red rehab reise reisen rent rentals repair report ' +
  'republican rest restaurant review reviews rich rip rocks rodeo rsvp rugby run saarland sale salon sarl save school ' +
  'schule science search security select services sex sexy shiksha shoes shop shopping show singles site ski skin sky ' +
  'soccer social software solar solutions soy space sport spot store stream studio study style sucks supplies supply ' +
  'support surf surgery swiss sydney systems taipei tatar tattoo tax taxi team tech technology tennis theater tickets ' +
  'tienda tips tires tirol today tokyo tools top tours town toys trade trading training tube university uno vacations ' +
  'vegas ventures versicherung vet viajes video villas vin vip vision vodka vote voting voto voyage wales wang watch ' +
  'watches webcam website wedding wien wiki win wine work works world wtf xyz yachts yoga you zip zone ' +
  'abbott adac airbus amazon android apple aws azure bmw bnpparibas bosch canon chrome cisco citi dell deloitte dhl gmail ' +
  'hitachi honda hsbc hyundai ibm java kpmg lidl mango microsoft mini nec netflix nike nokia oracle prime samsung sap ' +
  'schwarz seat sony toyota ubs visa volvo xbox yandex youtube zara ton'
const NATIONAL =
  'рф рус москва дети онлайн орг сайт бел укр срб мкд бг мон қаз ею ком ею 中国 中國 公司 网络 网址 香港 台灣 台湾 한국 みんな ' +
  'コム भारत संगठन ไทย ישראל ελ ευ հայ გე ایران السعودية الامارات المغرب مصر الجزائر'

const known = new Set(`${COUNTRIES} ${GENERIC} ${NATIONAL}`.split(' '))

/** Whether the last label of a host name (in lower case) can end an address. */
export function isTopLevelDomain(label: string): boolean {
  return known.has(label) || /^xn--[a-z0-9-]{2,59}$/.test(label)
}
