"""Burmese in two encodings: Zawgyi becomes Unicode, and nothing else changes."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.adapters.zawgyi import unicode_text

# Names, words and sentences with every kind of syllable, and how they are written in Zawgyi. Each
# pair was checked with the transliterator Zawgyi-my of ICU 78 (which is too large to depend on).
PAIRS = {
    "မြန်မာ": "ျမန္မာ",
    "မင်္ဂလာပါ": "မဂၤလာပါ",
    "မောင်မောင်": "ေမာင္ေမာင္",
    "ဒေါ်အောင်ဆန်းစုကြည်": "ေဒၚေအာင္ဆန္းစုၾကည္",
    "ဦးသန့်": "ဦးသန္႔",
    "ရန်ကုန်မြို့": "ရန္ကုန္ၿမိဳ႕",
    "မန္တလေးတိုင်းဒေသကြီး": "မႏၱေလးတိုင္းေဒသႀကီး",
    "နေပြည်တော်": "ေနျပည္ေတာ္",
    "ပြည်ပအလုပ်အကိုင်အကျိုးဆောင်လုပ်ငန်း": "ျပည္ပအလုပ္အကိုင္အက်ိဳးေဆာင္လုပ္ငန္း",
    "ကုမ္ပဏီလီမိတက်": "ကုမၸဏီလီမိတက္",
    "သင်္ကြန်ပွဲတော်": "သႀကၤန္ပြဲေတာ္",
    "အင်္ဂလိပ်": "အဂၤလိပ္",
    "ဝန်ကြီးဌာန": "ဝန္ႀကီးဌာန",
    "ပဋ္ဌာန်း": "ပ႒ာန္း",
    "ဥက္ကဋ္ဌ": "ဥကၠ႒",
    "ဗုဒ္ဓ": "ဗုဒၶ",
    "သတ္တဝါ": "သတၱဝါ",
    "ကျွန်တော်": "ကြၽန္ေတာ္",
    "လွှတ်တော်": "လႊတ္ေတာ္",
    "နှင့်": "ႏွင့္",
    "ရွှေတိဂုံ": "ေ႐ႊတိဂုံ",
    "ညွှန်ကြား": "ၫႊန္ၾကား",
    "ပညာရေး": "ပညာေရး",
    "ဉာဏ်ကြီးရှင်": "ဉာဏ္ႀကီးရွင္",
    "ခေါင်းဆောင်": "ေခါင္းေဆာင္",
    "ထိုင်းနိုင်ငံ": "ထိုင္းႏိုင္ငံ",
    "လိုင်စင်အမှတ်": "လိုင္စင္အမွတ္",
    "ဘဏ္ဍာ": "ဘ႑ာ",
    "ကဏ္ဍ": "က႑",
    "စက္ကူ": "စကၠဴ",
    "အစ္စလာမ်": "အစၥလာမ္",
    "ပစ္စည်း": "ပစၥည္း",
    "အဇ္ဈတ္တ": "အဇၩတၱ",
    "ကိစ္စ": "ကိစၥ",
    "သဒ္ဒါ": "သဒၵါ",
    "အန္တရာယ်": "အႏၱရာယ္",
    "ဆန္ဒ": "ဆႏၵ",
    "ကမ္ဘာ": "ကမၻာ",
    "ကမ္ဗောဒီးယား": "ကေမၺာဒီးယား",
    "ဓမ္မ": "ဓမၼ",
    "သမ္မတ": "သမၼတ",
    "ပျဉ်းမနား": "ပ်ဉ္းမနား",
    "ဂြိုဟ်": "ၿဂိဳဟ္",
    "ဗြိတိန်": "ၿဗိတိန္",
    "ရိက္ခာ": "ရိကၡာ",
    "သိင်္ဂီ": "သိဂၤီ",
    "ဟင်္သာတ": "ဟသၤာတ",
    "ပုဂ္ဂိုလ်": "ပုဂၢိဳလ္",
    "အတ္ထုပ္ပတ္တိ": "အတၳဳပၸတၱိ",
    "သိပ္ပံ": "သိပၸံ",
    "တိရစ္ဆာန်": "တိရစၦာန္",
    "လူ့အခွင့်အရေး": "လူ႔အခြင့္အေရး",
    "ဝဏ္ဏ": "ဝဏၰ",
    "ခွင့်ပြု": "ခြင့္ျပဳ",
    "နွေဦး": "ေႏြဦး",
    "မြှင့်": "ႁမွင့္",
    "လျှောက်လွှာ": "ေလၽႇာက္လႊာ",
    "ရှမ်းပြည်နယ်": "ရွမ္းျပည္နယ္",
    "နို့": "ႏို႔",
    "ရုပ်ရှင်": "႐ုပ္ရွင္",
    "ကြည့်": "ၾကည့္",
    "သင်္ဘော": "သေဘၤာ",
    "အချို့": "အခ်ိဳ႔",
    "ဈေး": "ေဈး",
    "မှန်ကန်ကြောင်း": "မွန္ကန္ေၾကာင္း",
    "10 ခုလျှင် အနည်းဆုံး 9 ခု": "10 ခုလၽႇင္ အနည္းဆုံး 9 ခု",
    "ခရီးသွားခြင်းနှင့် စာရွက်စာတမ်းများ": "ခရီးသြားျခင္းႏွင့္ စာ႐ြက္စာတမ္းမ်ား",
    "တာဝန်ပေးထားသူ ရှိသည်၊ သို့သော် မစစ်ဆေးသေးပါ": "တာဝန္ေပးထားသူ ရွိသည္၊ သို႔ေသာ္ မစစ္ေဆးေသးပါ",
    "နိုင်ငံကူးလက်မှတ် သိမ်းထားခြင်း": "ႏိုင္ငံကူးလက္မွတ္ သိမ္းထားျခင္း",
    "ပေးငွေအချို့အတွက် ရသည်": "ေပးေငြအခ်ိဳ႔အတြက္ ရသည္",
    "မထွက်ခွာမီ သင်တန်း": "မထြက္ခြာမီ သင္တန္း",
    "အကြောင်းအရာ နှစ်ခုလုံးကို စာဖြင့် ရသည်": "အေၾကာင္းအရာ ႏွစ္ခုလုံးကို စာျဖင့္ ရသည္",
    "အစီရင်ခံစာအားလုံးကို အချိန်မီ ပို့သည်": "အစီရင္ခံစာအားလုံးကို အခ်ိန္မီ ပို႔သည္",
    "အမျိုးသမီးက တောင်းခံလျှင် ကူညီသည်": "အမ်ိဳးသမီးက ေတာင္းခံလၽႇင္ ကူညီသည္",
    "အလုပ်တိုင်းအတွက် စစ်ဆေးခိုင်းသည်": "အလုပ္တိုင္းအတြက္ စစ္ေဆးခိုင္းသည္",
    "အလုပ်သမားခေါ်စာရှိသော အလုပ် တစ်ဝက်မပြည့်ပါ": "အလုပ္သမားေခၚစာရွိေသာ အလုပ္ တစ္ဝက္မျပည့္ပါ",
    "အလုပ်သမားများတွင် မထွက်ခွာမီ မိတ္တူ မရှိပါ": "အလုပ္သမားမ်ားတြင္ မထြက္ခြာမီ မိတၱဴ မရွိပါ",
    "အေဂျင်စီက အချို့ကိစ္စများတွင် သတိပေးသည်": "ေအဂ်င္စီက အခ်ိဳ႔ကိစၥမ်ားတြင္ သတိေပးသည္",
    "ဥပဒေအရ လိုအပ်သည့်အခါမှသာ": "ဥပေဒအရ လိုအပ္သည့္အခါမွသာ",
}

# What writers of Zawgyi also write: other shapes, signs in other order, digits for letters.
ALSO = {
    "က်ြန္ေတာ္": "ကျွန်တော်",
    "လွ်င္": "လျှင်",
    "ညႊန္": "ညွှန်",
    "ေရႊ": "ရွှေ",
    "ၾကည္႕": "ကြည့်",
    "သန႔္": "သန့်",
    "အခ်ဳိ႕": "အချို့",
    "သၾကၤန္": "သင်္ကြန်",
    "အိႏိၵယ": "အိန္ဒိယ",
    "၀န္ႀကီး": "ဝန်ကြီး",
    "တရား၀င္": "တရားဝင်",
    "၇က္": "ရက်",
    "၎င္း": "၎င်း",
    "၄င္း": "၎င်း",
    "ေစ်း": "ဈေး",
    "ၾသဂုတ္": "ဩဂုတ်",
    "ေၾသာ္": "ဪ",
    "ဥာဏ္": "ဉာဏ်",
    "ေယာက္်ား": "ယောက်ျား",
    "ကြၽန္ုပ္": "ကျွန်ုပ်",
    "ျပႆနာ": "ပြဿနာ",
    "အလႅာဟ္": "အလ္လာဟ်",
    "၂၀၂၆ ခုႏွစ္၊ မတ္လ ၁၀ ရက္": "၂၀၂၆ ခုနှစ်၊ မတ်လ ၁၀ ရက်",
    "VN-00015 ျမန္မာ Co., Ltd.": "VN-00015 မြန်မာ Co., Ltd.",
}

OTHERS = [
    *("", "Agency 12", "Công ty Nước Việt", "ទីភ្នាក់ងារ", "株式会社", "၁၂၃၄၅၆၇၈၉၀", "၁၀ ။"),
    # Shan, Mon, S'gaw Karen and Pa'o are written with other signs of the same script.
    *("မႂ်ႇသုင်ၶႃႈ", "ၶူင်းသၢင်ႈ", "ဝၢၼ်ႈမိူင်း", "ဘာသာမန်", "ဗွဲမဂၠိုၚ်", "ကလိင်လိက်", "ပှၤကညီ တၢ်", "ယွၤသးတၢ်"),
    # Words that are likely in both encodings, rare letters, and slips of the pen in Unicode.
    *("အခြားသူအား", "မီးခံသေတ္တာကို", "ဆိုးဆိုးရွားရွား", "မရွာဘူးလား", "သဥ္ဇာ", "ဗြဟ္မ", "ယောက်ျား", "သင်းသီိရိ"),
    *("ကျွန်ုပ်", "ဪ", "၎င်း", "၌", "ဤ", "ဧရာဝတီ", "အတ္လန္တိတ်", "ဗိဿနိုး", "ကြွေး", "သျှမ်း"),
]


@pytest.mark.parametrize("text", PAIRS)
def test_unicode_stays_as_it_is(text: str) -> None:
    assert unicode_text(text) == (normalize("NFC", text), None)


@pytest.mark.parametrize("text", PAIRS)
def test_zawgyi_becomes_unicode_and_is_kept(text: str) -> None:
    zawgyi = normalize("NFC", PAIRS[text])
    assert unicode_text(zawgyi) == (normalize("NFC", text), zawgyi)


@pytest.mark.parametrize("zawgyi", ALSO)
def test_zawgyi_in_other_spellings_becomes_unicode(zawgyi: str) -> None:
    assert unicode_text(zawgyi)[0] == normalize("NFC", ALSO[zawgyi])


@pytest.mark.parametrize("text", OTHERS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert unicode_text(text) == (normalize("NFC", text), None)


def test_there_are_enough() -> None:
    assert len(PAIRS) >= 60


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_without_burmese_changes(text: str) -> None:
    bare = "".join(sign for sign in text if not "\u1000" <= sign <= "\u109f")
    assert unicode_text(bare) == (normalize("NFC", bare), None)


@given(st.lists(st.sampled_from(sorted(PAIRS)), min_size=1, max_size=5))
def test_texts_of_several_words_convert_word_by_word(words: list[str]) -> None:
    zawgyi = normalize("NFC", " ".join(PAIRS[word] for word in words))
    assert unicode_text(zawgyi)[0] == normalize("NFC", " ".join(words))


@given(st.text(st.characters(min_codepoint=0x1000, max_codepoint=0x109F), max_size=30))
def test_any_signs_give_text_in_normal_form(text: str) -> None:
    once, original = unicode_text(text)
    assert original in (None, normalize("NFC", text))
    assert once == normalize("NFC", once)
