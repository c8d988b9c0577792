#include <algorithm>
#include <iterator>

#include "check/passes.h"

namespace plumb::check {

namespace {

/// ISO 4217, without metals, funds and test codes.
constexpr std::string_view currencies[]{
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC",
    "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS",
    "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD",
    "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL",
    "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD",
    "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD",
    "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP",
    "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED",
    "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
    // Given up, and still in the histories of deals.
    "CUC", "HRK", "SLL", "ZWL"};

}  // namespace

void check_currency(Context& context, const ast::Name& currency) {
  if (!currency.written() || std::ranges::find(currencies, currency.text) != std::end(currencies)) return;
  Diagnostic& diagnostic = context.sink.report(currency.span, diag::UnknownCurrency, currency.text);
  const std::vector<std::string> all(std::begin(currencies), std::end(currencies));
  const std::string_view near = diagnostics::nearest(currency.text, all);
  // With three letters many are near; only what is likely is offered, and nothing is changed unasked.
  if (!near.empty()) diagnostic.hint("did you mean `{}`?", near);
  diagnostic.hint("currencies have the three letters of ISO 4217: `USD`, `EUR`, `GBP`");
}

}  // namespace plumb::check
