"""Why the catalogue says no."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import BadValue, Conflict, Refused, TooLarge


@dataclass(eq=False)
class SkuTaken(Conflict):
    """The SKU {sku} belongs to another variant of this shop.

    Choose another SKU, or change the variant that has it; letter case makes no difference.
    """

    sku: str


@dataclass(eq=False)
class BarcodeTaken(Conflict):
    """The barcode {barcode} belongs to another variant of this shop.

    Look the barcode up, and take it from that variant first.
    """

    barcode: str


@dataclass(eq=False)
class SlugTaken(Conflict):
    """The address part {slug} belongs to another {what} of this shop.

    Choose another one, or leave it out and let one be made from the title.
    """

    what: str
    slug: str


@dataclass(eq=False)
class TooManyParts(TooLarge):
    """A {whole} takes at most {limit} {parts}; this would be {count}.

    Leave some out, or divide it into two.
    """

    whole: str
    parts: str
    limit: int
    count: int


@dataclass(eq=False)
class BadImage(BadValue):
    """{field}: {problem}

    Give the full address of a picture that shoppers can load, beginning with https:// or http://.
    """


@dataclass(eq=False)
class OptionsMismatch(Refused):
    """The variant {sku} does not choose one value of each option of its product ({options}).

    Give one of the listed values for every option, in the order of the options.
    """

    sku: str
    options: str


@dataclass(eq=False)
class VariantTwice(Refused):
    """The variants {first} and {second} of the product would have the same options.

    Change the option values of one of them.
    """

    first: str
    second: str


@dataclass(eq=False)
class NamedTwice(Refused):
    """{what} names {name} twice.

    Name each only once.
    """

    what: str
    name: str


@dataclass(eq=False)
class NothingToSell(Refused):
    """The product {product} has no active variant, so it cannot be offered.

    Add a variant or activate one first.
    """

    product: str


@dataclass(eq=False)
class OtherCurrencyOfProduct(Refused):
    """The product of {sku} is priced in {ours}, not in {theirs}.

    Give its base price in {ours}; other currencies belong in a price list.
    """

    sku: str
    ours: str
    theirs: str


@dataclass(eq=False)
class CategoryInItself(Refused):
    """The category {name} cannot stand below itself.

    Choose a parent outside of its own branch.
    """

    name: str


@dataclass(eq=False)
class CategoryTooDeep(Refused):
    """Below that parent the category {name} or one below it would stand deeper than {limit} levels.

    Choose a parent nearer to the root.
    """

    name: str
    limit: int


@dataclass(eq=False)
class CategoryHasChildren(Refused):
    """The category {name} has active categories below it.

    Move or archive those first.
    """

    name: str


@dataclass(eq=False)
class ParentArchived(Refused):
    """The category {name} is archived, so nothing can be put below it.

    Restore it first, or choose another parent.
    """

    name: str
