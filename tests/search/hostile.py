"""What nobody should type, and what no search may mind."""

# fmt: off
HOSTILE = [
    *("", "   ", '"', 'a"b', "'", "\\", "%s %d %", "\x00", "a\x00b", "\ud800", "\x0b\ufffe", "*"),
    *("AND OR NOT NEAR", "title:x", "(((", ")))", "-", "^a", "{}", "[]", "a*", '"a', '"a" "b'),
    *("NEAR(a b, 2)", "a AND", "OR b", "NOT", "a:b:c", "{title heads} : x", "+a -b", "a^2", "a~"),
    *("a" * 100_000, "mot " * 25_000, '"' * 100_000, "(" * 2_000, "é" * 100_000, "\u0301" * 5_000),
    *("\u202eabc", "<script>", "__", "' OR 1=1 --", "'; DROP TABLE search_words; --", "${7*7}"),
    *("{{ 7 }}", "{% x %}", "../../etc/passwd", "🥕🥬", "👩‍🌾", "…", "!?;:,.", "l'", "’", "d’l’"),
    *("a & b | !c", ":*", "a:*", "<->", "a <-> b", "\\'", "€£", "1e999", "-1", "NaN", "null"),
    *("ﷺ" * 200, "ı" * 300, "ß" * 300, "İ", "\u200b", "\ufeff", "日本語", "العربية", "a-" * 500),
    *("a'" * 500, "·e·s", "~1", "true", "a b c d e f g h i j k l m n", "abcdef " * 2_000),
]
