"""What a load balancer asks: is the process alive, and can it serve."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from commons import page_cache
from commons.health_checks import PROBES, findings


@never_cache
def alive(request):
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def ready(request):
    """200 while every vital check passes, else 503; late mails are told, no more."""
    found = list(findings(PROBES))
    good = all(finding.ok for finding in found if finding.vital)
    checks = {finding.name: {"ok": finding.ok, "says": finding.says} for finding in found}
    told = {"ready": good, "checks": checks}
    if page_cache.memory is not None and good and request.user.is_superuser:
        told["answers"] = page_cache.memory.told()  # of the process that answers
    return JsonResponse(told, status=200 if good else 503)
