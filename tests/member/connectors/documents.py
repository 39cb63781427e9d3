"""Electronic invoices and statuses, made up, in the three syntaxes that France uses."""

SELLER = ("Atelier fictif", "300000007")
MOULIN = ("Moulin fictif", "100000009")

CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
 <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
  <ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>
 </rsm:ExchangedDocumentContext>
 <rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{kind}</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">{issued}</udt:DateTimeString></ram:IssueDateTime>
 </rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement>
  <ram:SellerTradeParty><ram:Name>{seller[0]}</ram:Name><ram:SpecifiedLegalOrganization>
   <ram:ID schemeID="0002">{seller[1]}</ram:ID></ram:SpecifiedLegalOrganization></ram:SellerTradeParty>
  <ram:BuyerTradeParty><ram:Name>{buyer[0]}</ram:Name><ram:SpecifiedLegalOrganization>
   <ram:ID schemeID="0002">{buyer[1]}</ram:ID></ram:SpecifiedLegalOrganization>
   <ram:PostalTradeAddress><ram:PostcodeCode>69001</ram:PostcodeCode><ram:CityName>Lyon</ram:CityName>
    <ram:CountryID>{country}</ram:CountryID></ram:PostalTradeAddress></ram:BuyerTradeParty>
 </ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>
  <ram:InvoiceCurrencyCode>{currency}</ram:InvoiceCurrencyCode>
  <ram:SpecifiedTradePaymentTerms>{due_cii}</ram:SpecifiedTradePaymentTerms>
  <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:GrandTotalAmount>{total}</ram:GrandTotalAmount>
   <ram:DuePayableAmount>{left}</ram:DuePayableAmount>
  </ram:SpecifiedTradeSettlementHeaderMonetarySummation>{replaces_cii}
 </ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>"""

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:ID>{number}</cbc:ID><cbc:IssueDate>{issued}</cbc:IssueDate>{due_ubl}
 <cbc:{root}TypeCode>{kind}</cbc:{root}TypeCode><cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
 {replaces_ubl}
 <cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity>
  <cbc:RegistrationName>{seller[0]}</cbc:RegistrationName><cbc:CompanyID>{seller[1]}</cbc:CompanyID>
 </cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty><cac:Party><cac:PostalAddress><cbc:CityName>Lyon</cbc:CityName>
  <cbc:PostalZone>69001</cbc:PostalZone><cac:Country><cbc:IdentificationCode>{country}</cbc:IdentificationCode>
  </cac:Country></cac:PostalAddress><cac:PartyLegalEntity>
  <cbc:RegistrationName>{buyer[0]}</cbc:RegistrationName><cbc:CompanyID>{buyer[1]}</cbc:CompanyID>
 </cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>
 <cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount currencyID="{currency}">{total}</cbc:TaxInclusiveAmount>
  <cbc:PayableAmount currencyID="{currency}">{left}</cbc:PayableAmount></cac:LegalMonetaryTotal>
</{root}>"""

CDAR = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossDomainAcknowledgementAndResponse
  xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
 <rsm:ExchangedDocument><ram:ID>S</ram:ID><ram:IssueDateTime>
  <udt:DateTimeString format="204">{day}120000</udt:DateTimeString></ram:IssueDateTime>
 </rsm:ExchangedDocument><rsm:AcknowledgementDocument><ram:ReferenceReferencedDocument>
  <ram:IssuerAssignedID>{number}</ram:IssuerAssignedID>
  <ram:TypeCode>380</ram:TypeCode><ram:ProcessConditionCode>{code}</ram:ProcessConditionCode>
  <ram:SpecifiedDocumentStatus>{amounts}</ram:SpecifiedDocumentStatus>
 </ram:ReferenceReferencedDocument></rsm:AcknowledgementDocument>
</rsm:CrossDomainAcknowledgementAndResponse>"""


def invoice(
    number="F1",
    issued="2025-01-10",
    due="2025-02-09",
    total="1200.00",
    *,
    ubl=False,
    left=None,
    kind="380",
    buyer=MOULIN,
    seller=SELLER,
    country="FR",
    currency="EUR",
    replaces="",
):
    """An invoice or credit note, as bytes."""
    root = "CreditNote" if kind == "381" else "Invoice"
    compact = issued.replace("-", "")
    due_cii = ""
    if due:
        moment = f'<udt:DateTimeString format="102">{due.replace("-", "")}</udt:DateTimeString>'
        due_cii = f"<ram:DueDateDateTime>{moment}</ram:DueDateDateTime>"
    named = f"<ram:IssuerAssignedID>{replaces}</ram:IssuerAssignedID>"
    reference = f"<cac:InvoiceDocumentReference><cbc:ID>{replaces}</cbc:ID></cac:InvoiceDocumentReference>"
    return (
        (UBL if ubl else CII)
        .format(
            number=number,
            kind=kind,
            root=root,
            issued=issued if ubl else compact,
            due_cii=due_cii,
            due_ubl=f"<cbc:DueDate>{due}</cbc:DueDate>" if due else "",
            total=total,
            left=total if left is None else left,
            buyer=buyer,
            seller=seller,
            country=country,
            currency=currency,
            replaces_cii=f"<ram:InvoiceReferencedDocument>{named}</ram:InvoiceReferencedDocument>"
            if replaces
            else "",
            replaces_ubl=f"<cac:BillingReference>{reference}</cac:BillingReference>" if replaces else "",
        )
        .encode()
    )


def status(number, code, day, *amounts):
    """A life-cycle status; amounts are what was cashed, by rate of VAT."""
    told = "".join(
        "<ram:SpecifiedDocumentCharacteristic><ram:TypeCode>MEN</ram:TypeCode>"
        f'<ram:ValueAmount currencyID="EUR">{amount}</ram:ValueAmount></ram:SpecifiedDocumentCharacteristic>'
        for amount in amounts
    )
    return CDAR.format(number=number, code=code, day=day.replace("-", ""), amounts=told).encode()
