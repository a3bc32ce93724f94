#include "footprint/countries.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "base/nearest.h"

namespace sm2::footprint {
namespace {

constexpr Country kCountries[] = {
    {"", "", "World", 473, 2024},
    {"EU", "", "European Union", 213, 2024},
    {"", "", "Europe", 284, 2024},
    {"AF", "AFG", "Afghanistan", 124, 2023},
    {"AL", "ALB", "Albania", 24, 2023},
    {"DZ", "DZA", "Algeria", 634, 2023},
    {"AS", "ASM", "American Samoa", 647, 2023},
    {"AO", "AGO", "Angola", 167, 2023},
    {"AG", "ATG", "Antigua and Barbuda", 611, 2023},
    {"AR", "ARG", "Argentina", 359, 2024},
    {"AM", "ARM", "Armenia", 244, 2024},
    {"AW", "ABW", "Aruba", 550, 2022},
    {"AU", "AUS", "Australia", 552, 2024},
    {"AT", "AUT", "Austria", 103, 2024},
    {"AZ", "AZE", "Azerbaijan", 633, 2024},
    {"BS", "BHS", "Bahamas", 654, 2022},
    {"BH", "BHR", "Bahrain", 902, 2023},
    {"BD", "BGD", "Bangladesh", 695, 2024},
    {"BB", "BRB", "Barbados", 600, 2023},
    {"BY", "BLR", "Belarus", 314, 2024},
    {"BE", "BEL", "Belgium", 118, 2024},
    {"BZ", "BLZ", "Belize", 156, 2023},
    {"BJ", "BEN", "Benin", 590, 2023},
    {"BT", "BTN", "Bhutan", 24, 2023},
    {"BO", "BOL", "Bolivia", 468, 2024},
    {"BA", "BIH", "Bosnia and Herzegovina", 638, 2024},
    {"BW", "BWA", "Botswana", 849, 2023},
    {"BR", "BRA", "Brazil", 103, 2024},
    {"VG", "VGB", "British Virgin Islands", 647, 2023},
    {"BN", "BRN", "Brunei", 893, 2023},
    {"BG", "BGR", "Bulgaria", 264, 2024},
    {"BF", "BFA", "Burkina Faso", 555, 2023},
    {"BI", "BDI", "Burundi", 231, 2023},
    {"KH", "KHM", "Cambodia", 497, 2024},
    {"CM", "CMR", "Cameroon", 286, 2023},
    {"CA", "CAN", "Canada", 175, 2024},
    {"CV", "CPV", "Cape Verde", 480, 2022},
    {"KY", "CYM", "Cayman Islands", 643, 2023},
    {"TD", "TCD", "Chad", 615, 2022},
    {"CL", "CHL", "Chile", 266, 2024},
    {"CN", "CHN", "China", 560, 2024},
    {"CO", "COL", "Colombia", 286, 2024},
    {"KM", "COM", "Comoros", 643, 2023},
    {"CG", "COG", "Congo", 714, 2023},
    {"CK", "COK", "Cook Islands", 250, 2022},
    {"CR", "CRI", "Costa Rica", 63, 2024},
    {"HR", "HRV", "Croatia", 174, 2024},
    {"CU", "CUB", "Cuba", 639, 2023},
    {"CY", "CYP", "Cyprus", 512, 2024},
    {"CZ", "CZE", "Czechia", 414, 2024},
    {"CD", "COD", "Democratic Republic of the Congo", 27, 2023},
    {"DK", "DNK", "Denmark", 143, 2024},
    {"DJ", "DJI", "Djibouti", 450, 2023},
    {"DM", "DMA", "Dominica", 600, 2023},
    {"DO", "DOM", "Dominican Republic", 566, 2024},
    {"EC", "ECU", "Ecuador", 210, 2024},
    {"EG", "EGY", "Egypt", 572, 2024},
    {"SV", "SLV", "El Salvador", 103, 2024},
    {"GQ", "GNQ", "Equatorial Guinea", 605, 2023},
    {"ER", "ERI", "Eritrea", 591, 2023},
    {"EE", "EST", "Estonia", 341, 2024},
    {"SZ", "SWZ", "Eswatini", 143, 2023},
    {"ET", "ETH", "Ethiopia", 24, 2023},
    {"FK", "FLK", "Falkland Islands", 1000, 2022},
    {"FO", "FRO", "Faroe Islands", 354, 2022},
    {"FJ", "FJI", "Fiji", 278, 2023},
    {"FI", "FIN", "Finland", 72, 2024},
    {"FR", "FRA", "France", 44, 2024},
    {"GF", "GUF", "French Guiana", 204, 2022},
    {"PF", "PYF", "French Polynesia", 437, 2022},
    {"GA", "GAB", "Gabon", 429, 2023},
    {"GM", "GMB", "Gambia", 667, 2023},
    {"GE", "GEO", "Georgia", 143, 2024},
    {"DE", "DEU", "Germany", 344, 2024},
    {"GH", "GHA", "Ghana", 453, 2023},
    {"GR", "GRC", "Greece", 320, 2024},
    {"GL", "GRL", "Greenland", 111, 2022},
    {"GD", "GRD", "Grenada", 667, 2022},
    {"GP", "GLP", "Guadeloupe", 494, 2022},
    {"GU", "GUM", "Guam", 611, 2022},
    {"GT", "GTM", "Guatemala", 273, 2023},
    {"GN", "GIN", "Guinea", 183, 2023},
    {"GW", "GNB", "Guinea-Bissau", 625, 2022},
    {"GY", "GUY", "Guyana", 634, 2023},
    {"HT", "HTI", "Haiti", 535, 2022},
    {"HN", "HND", "Honduras", 290, 2023},
    {"HK", "HKG", "Hong Kong", 682, 2023},
    {"HU", "HUN", "Hungary", 183, 2024},
    {"IS", "ISL", "Iceland", 28, 2023},
    {"IN", "IND", "India", 708, 2024},
    {"ID", "IDN", "Indonesia", 682, 2023},
    {"IR", "IRN", "Iran", 642, 2024},
    {"IQ", "IRQ", "Iraq", 689, 2023},
    {"IE", "IRL", "Ireland", 280, 2024},
    {"IL", "ISR", "Israel", 567, 2023},
    {"IT", "ITA", "Italy", 288, 2024},
    {"CI", "CIV", "Ivory Coast", 394, 2023},
    {"JM", "JAM", "Jamaica", 561, 2022},
    {"JP", "JPN", "Japan", 482, 2024},
    {"JO", "JOR", "Jordan", 539, 2022},
    {"KZ", "KAZ", "Kazakhstan", 802, 2024},
    {"KE", "KEN", "Kenya", 89, 2024},
    {"KI", "KIR", "Kiribati", 500, 2022},
    {"XK", "XKX", "Kosovo", 959, 2024},
    {"KW", "KWT", "Kuwait", 637, 2024},
    {"KG", "KGZ", "Kyrgyzstan", 163, 2024},
    {"LA", "LAO", "Laos", 232, 2023},
    {"LV", "LVA", "Latvia", 136, 2024},
    {"LB", "LBN", "Lebanon", 369, 2023},
    {"LS", "LSO", "Lesotho", 21, 2022},
    {"LR", "LBR", "Liberia", 436, 2023},
    {"LY", "LBY", "Libya", 831, 2023},
    {"LT", "LTU", "Lithuania", 139, 2024},
    {"LU", "LUX", "Luxembourg", 135, 2024},
    {"MO", "MAC", "Macao", 449, 2022},
    {"MG", "MDG", "Madagascar", 477, 2022},
    {"MW", "MWI", "Malawi", 55, 2022},
    {"MY", "MYS", "Malaysia", 610, 2024},
    {"MV", "MDV", "Maldives", 612, 2023},
    {"ML", "MLI", "Mali", 394, 2023},
    {"MT", "MLT", "Malta", 484, 2024},
    {"MQ", "MTQ", "Martinique", 517, 2022},
    {"MR", "MRT", "Mauritania", 482, 2022},
    {"MU", "MUS", "Mauritius", 633, 2023},
    {"MX", "MEX", "Mexico", 485, 2024},
    {"MD", "MDA", "Moldova", 632, 2024},
    {"MN", "MNG", "Mongolia", 784, 2024},
    {"ME", "MNE", "Montenegro", 414, 2024},
    {"MS", "MSR", "Montserrat", 1000, 2022},
    {"MA", "MAR", "Morocco", 578, 2024},
    {"MZ", "MOZ", "Mozambique", 128, 2023},
    {"MM", "MMR", "Myanmar", 579, 2024},
    {"NA", "NAM", "Namibia", 48, 2023},
    {"NR", "NRU", "Nauru", 750, 2023},
    {"NP", "NPL", "Nepal", 23, 2022},
    {"NL", "NLD", "Netherlands", 253, 2024},
    {"NC", "NCL", "New Caledonia", 586, 2022},
    {"NZ", "NZL", "New Zealand", 120, 2024},
    {"NI", "NIC", "Nicaragua", 288, 2023},
    {"NE", "NER", "Niger", 688, 2023},
    {"NG", "NGA", "Nigeria", 508, 2024},
    {"KP", "PRK", "North Korea", 344, 2022},
    {"MK", "MKD", "North Macedonia", 569, 2024},
    {"NO", "NOR", "Norway", 31, 2024},
    {"OM", "OMN", "Oman", 545, 2024},
    {"PK", "PAK", "Pakistan", 399, 2024},
    {"PS", "PSE", "Palestine", 461, 2022},
    {"PA", "PAN", "Panama", 259, 2023},
    {"PG", "PNG", "Papua New Guinea", 514, 2023},
    {"PY", "PRY", "Paraguay", 25, 2023},
    {"PE", "PER", "Peru", 263, 2024},
    {"PH", "PHL", "Philippines", 613, 2024},
    {"PL", "POL", "Poland", 615, 2024},
    {"PT", "PRT", "Portugal", 112, 2024},
    {"PR", "PRI", "Puerto Rico", 665, 2024},
    {"QA", "QAT", "Qatar", 603, 2024},
    {"RE", "REU", "Reunion", 525, 2022},
    {"RO", "ROU", "Romania", 246, 2024},
    {"RU", "RUS", "Russia", 449, 2024},
    {"RW", "RWA", "Rwanda", 302, 2023},
    {"KN", "KNA", "Saint Kitts and Nevis", 636, 2022},
    {"LC", "LCA", "Saint Lucia", 650, 2022},
    {"PM", "SPM", "Saint Pierre and Miquelon", 600, 2022},
    {"VC", "VCT", "Saint Vincent and the Grenadines", 600, 2023},
    {"WS", "WSM", "Samoa", 400, 2023},
    {"ST", "STP", "Sao Tome and Principe", 556, 2022},
    {"SA", "SAU", "Saudi Arabia", 696, 2023},
    {"SN", "SEN", "Senegal", 535, 2023},
    {"RS", "SRB", "Serbia", 673, 2024},
    {"SC", "SYC", "Seychelles", 571, 2023},
    {"SL", "SLE", "Sierra Leone", 48, 2023},
    {"SG", "SGP", "Singapore", 499, 2024},
    {"SK", "SVK", "Slovakia", 96, 2024},
    {"SI", "SVN", "Slovenia", 228, 2024},
    {"SB", "SLB", "Solomon Islands", 636, 2023},
    {"SO", "SOM", "Somalia", 524, 2023},
    {"ZA", "ZAF", "South Africa", 709, 2024},
    {"KR", "KOR", "South Korea", 414, 2024},
    {"SS", "SSD", "South Sudan", 610, 2023},
    {"ES", "ESP", "Spain", 146, 2024},
    {"LK", "LKA", "Sri Lanka", 510, 2022},
    {"SD", "SDN", "Sudan", 214, 2023},
    {"SR", "SUR", "Suriname", 383, 2023},
    {"SE", "SWE", "Sweden", 36, 2024},
    {"CH", "CHE", "Switzerland", 37, 2024},
    {"SY", "SYR", "Syria", 682, 2022},
    {"TW", "TWN", "Taiwan", 636, 2024},
    {"TJ", "TJK", "Tajikistan", 113, 2024},
    {"TZ", "TZA", "Tanzania", 372, 2023},
    {"TH", "THA", "Thailand", 554, 2024},
    {"TG", "TGO", "Togo", 478, 2023},
    {"TO", "TON", "Tonga", 571, 2023},
    {"TT", "TTO", "Trinidad and Tobago", 682, 2023},
    {"TN", "TUN", "Tunisia", 560, 2024},
    {"TR", "TUR", "Turkey", 470, 2024},
    {"TM", "TKM", "Turkmenistan", 1306, 2023},
    {"TC", "TCA", "Turks and Caicos Islands", 654, 2023},
    {"VI", "VIR", "US Virgin Islands", 642, 2023},
    {"UG", "UGA", "Uganda", 57, 2022},
    {"UA", "UKR", "Ukraine", 256, 2022},
    {"AE", "ARE", "United Arab Emirates", 493, 2023},
    {"GB", "GBR", "United Kingdom", 211, 2024},
    {"US", "USA", "United States", 384, 2024},
    {"UY", "URY", "Uruguay", 97, 2024},
    {"UZ", "UZB", "Uzbekistan", 1121, 2023},
    {"VU", "VUT", "Vanuatu", 500, 2023},
    {"VE", "VEN", "Venezuela", 180, 2023},
    {"VN", "VNM", "Vietnam", 471, 2024},
    {"YE", "YEM", "Yemen", 586, 2023},
    {"ZM", "ZMB", "Zambia", 111, 2023},
    {"ZW", "ZWE", "Zimbabwe", 298, 2023},
};

constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"uk", "GB"},         {"great britain", "GB"}, {"czech republic", "CZ"}, {"turkiye", "TR"},
    {"cabo verde", "CV"}, {"cote d'ivoire", "CI"}, {"holland", "NL"},        {"burma", "MM"}};

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lowered;
}

const Country* find_lowered(const std::string& wanted) {
  const auto found = std::ranges::find_if(kCountries, [&](const Country& country) {
    return wanted == lower(country.name) || wanted == lower(country.alpha2) ||
           wanted == lower(country.alpha3);
  });
  return found == std::end(kCountries) ? nullptr : found;
}

}  // namespace

std::span<const Country> countries() { return kCountries; }

const Country* find_country(std::string_view text) {
  const std::string wanted = lower(text);
  if (wanted.empty()) return nullptr;
  for (const auto& [name, code] : kOtherNames) {
    if (name == wanted) return find_lowered(lower(code));
  }
  return find_lowered(wanted);
}

std::optional<std::string> meant_country(std::string_view text) {
  constexpr std::size_t kShortest = 3;  // of two letters, every code is near
  const std::string wanted = lower(text);
  if (wanted.size() < kShortest) return {};
  std::vector<std::string> names;
  for (const Country& country : kCountries) {
    if (lower(country.name).starts_with(wanted)) return std::string(country.name);
    names.push_back(lower(country.name));
  }
  const auto near = wanted.size() > kShortest ? base::nearest(wanted, names) : std::nullopt;
  if (!near) return {};
  return std::string(find_lowered(*near)->name);
}

}  // namespace sm2::footprint
