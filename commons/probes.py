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
    """200 while every vital check passes, else 503; late mails are reported, no more."""
    results = list(findings(PROBES))
    is_ready = all(result.ok for result in results if result.vital)
    checks = {result.name: {"ok": result.ok, "says": result.says} for result in results}
    report = {"ready": is_ready, "checks": checks}
    if page_cache.page_cache is not None and is_ready and request.user.is_superuser:
        report["page_cache"] = page_cache.page_cache.statistics()  # of the process that answers
    return JsonResponse(report, status=200 if is_ready else 503)
