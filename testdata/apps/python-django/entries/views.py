from django.http import HttpResponse, JsonResponse

from .models import Entry


def entries(request):
    if request.method == "POST":
        Entry.objects.create(text=request.body.decode())
        return HttpResponse("thank you", status=201)
    return JsonResponse({"entries": [e.text for e in Entry.objects.order_by("id")]})
