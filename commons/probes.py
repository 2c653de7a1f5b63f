"""What a load balancer asks: is the process alive, and can it serve."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from commons.health import PROBES, findings


@never_cache
def alive(request):
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request):
    """200 while every vital check passes, else 503; late mails are told, no more."""
    found = list(findings(PROBES))
    good = all(finding.ok for finding in found if finding.vital)
    checks = {finding.name: {"ok": finding.ok, "says": finding.says} for finding in found}
    return JsonResponse({"ready": good, "checks": checks}, status=200 if good else 503)
